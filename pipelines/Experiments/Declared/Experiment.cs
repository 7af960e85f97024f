using System.ComponentModel.DataAnnotations;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Experiments.Domains;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>A declared experiment. These records are the schema of the YAML file: every parameter is a key there.</summary>
/// <param name="Name">The name of the run and of its folder.</param>
/// <param name="Data">The source of the images.</param>
/// <param name="Pipeline">Noises on the pixel column: ML.NET steps before the network, applied in this order. A row gets the same noise in
/// every epoch.</param>
/// <param name="Noise">Noise that the trainer draws anew at every step.</param>
/// <param name="Network">The network's architecture and sizes.</param>
/// <param name="Training">The budget, the optimiser and the resources of each training; the vanilla baseline gets the same.</param>
/// <param name="Evaluation">The evaluation after training.</param>
/// <param name="Seeds">
/// The seed of all random choices: the split, the weights, the order of the rows, the noise. Each seed of a list has a run of its own. 1
/// when left out.
/// </param>
/// <param name="Measure">Entropies of the network's layers during each training; nothing is measured when left out.</param>
/// <param name="Domain">Other data with the same classes, on which the networks are judged, too; none when left out.</param>
/// <param name="Claim">The claim that the experiment tests; the report prints it.</param>
/// <param name="Sweep">Many trainings that differ in settings; one training when left out.</param>
/// <param name="Evidence">How the claim is judged.</param>
/// <param name="Export">The ONNX file that the run writes.</param>
public sealed record Experiment(
    string Name,
    [Required] DataSection Data,
    IReadOnlyList<ColumnNoiseSection> Pipeline,
    NoiseSection Noise,
    NetworkSection Network,
    TrainingRecipe Training,
    EvaluationSection Evaluation,
    [OneOrMore("seed")] IReadOnlyList<int> Seeds,
    MeasureSection? Measure = null,
    DomainSection? Domain = null,
    string? Claim = null,
    SweepSection? Sweep = null,
    EvidenceSection? Evidence = null,
    ExportSection? Export = null
)
{
    const int MostSeeds = 1000;

    /// <inheritdoc cref="Experiment"/>
    public string Name { get; } =
        RunName.IsValid(Name)
            ? Name
            : throw new ArgumentException($"'{Name}' cannot name a run folder; use letters, digits, '-', '_' and '.'", nameof(Name));

    /// <inheritdoc cref="Experiment"/>
    public IReadOnlyList<ColumnNoiseSection> Pipeline { get; } =
        Pipeline.Count > 0 && Network.IsAutoencoder ? throw Refuse("noise on its pixels", nameof(Pipeline)) : Pipeline;

    /// <inheritdoc cref="Experiment"/>
    public NoiseSection Noise { get; } =
        (Noise.Input ?? (object?)Noise.Latent) is not null && Network.IsAutoencoder
            ? throw Refuse("noise beside that of its posterior", nameof(Noise))
            : Noise;

    /// <inheritdoc cref="Experiment"/>
    public EvaluationSection Evaluation { get; } = Network.IsAutoencoder ? Evaluation.OfAutoencoder() : Evaluation.OfClassifier();

    /// <inheritdoc cref="Experiment"/>
    public MeasureSection? Measure { get; } =
        Measure is not null && Network.IsAutoencoder ? throw Refuse("classes to measure", nameof(Measure)) : Measure;

    /// <inheritdoc cref="Experiment"/>
    public DomainSection? Domain { get; } =
        Domain is not null && Network.IsAutoencoder ? throw Refuse("classes to judge on other data", nameof(Domain))
        : Domain is { Adaptation: DomainAdaptation.Alignment } && Training.Ranks > 1
            ? throw new ArgumentException("an alignment trains in one process; set training.ranks to 1", nameof(Domain))
        : Domain;

    /// <inheritdoc cref="Experiment"/>
    public ExportSection? Export { get; } =
        Export is not null && Network.IsAutoencoder ? throw Refuse("ONNX file", nameof(Export)) : Export;

    /// <inheritdoc cref="Experiment"/>
    public IReadOnlyList<int> Seeds { get; } =
        Seeds.Count > 1 && Data is { Folds: { } folds, JudgingFold: null }
            ? throw new ArgumentException(
                $"seed lists {Seeds.Count} seeds and data.folds asks for {folds} runs of each; give one seed, or one fold with data.fold",
                "seed"
            )
        : Seeds.Count == 0 ? [1]
        : Seeds.Count > MostSeeds
            ? throw new ArgumentException(
                $"the list has {Seeds.Count} seeds; at most {MostSeeds} are allowed, because each is a training of its own",
                "seed"
            )
        : Seeds.GroupBy(seed => seed).FirstOrDefault(same => same.Count() > 1) is { } repeated
            ? throw new ArgumentException(
                $"the seed {repeated.Key} is in the list {repeated.Count()} times; a second run would give the same result",
                "seed"
            )
        : Seeds;

    /// <summary>The seed of a run, or the first of several seeds.</summary>
    public int Seed => Seeds[0];

    /// <summary>Whether anything distinguishes the run from a vanilla one.</summary>
    public bool HasNoise => Pipeline.Count > 0 || Noise.Input is not null || Noise.Latent is not null;

    /// <summary>
    /// Whether the noise of training is a linear map within each image, and none mixes the batch. A network can learn to undo such a map,
    /// so that a test without it measures a shift of the data. The noisy network is then judged with its noise on, too.
    /// </summary>
    public bool HasLinearNoiseWithinImages
    {
        get
        {
            NoiseDefinition?[] noises =
            [
                .. Pipeline.Select(step => step.Noise),
                Noise.Input?.Noise,
                Noise.Latent is { Training: true } latent ? latent.Noise : null,
            ];
            return noises.Any(noise => noise?.Axis is not null) && !noises.Any(noise => noise is { IsTransductive: true });
        }
    }

    /// <summary>
    /// The noise that the protocol attaches at inference: the declared leak, or else the network's own noise if it stays on after training.
    /// </summary>
    public LeakSection? NoiseAtInference =>
        Evaluation.Leak
        ?? (
            Noise.Latent is { Inference: true } latent
                ? new LeakSection(latent.Noise, latent.Site, latent.Layer, latent.IncludeClassToken)
                : null
        );

    static ArgumentException Refuse(string what, string section) =>
        new($"an autoencoder (network.architecture: information-vae) has no {what}; leave it out", section);
}
