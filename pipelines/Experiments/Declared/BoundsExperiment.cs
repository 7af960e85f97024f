using System.ComponentModel.DataAnnotations;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>
/// Compares two autoencoders with the same budget: one with the posterior of Information Dropout, one with a Gaussian posterior. These
/// records are the schema of the YAML file.
/// </summary>
/// <param name="Name">The name of the run and of its folder.</param>
/// <param name="Data">The source of the images.</param>
/// <param name="Network">The sizes of both autoencoders.</param>
/// <param name="Training">The budget of each autoencoder.</param>
/// <param name="Draws">Draws of the code for the importance-weighted bound of a test row; 0 leaves the bound out.</param>
/// <param name="Seed">The seed of all random choices.</param>
/// <param name="Claim">The claim that the comparison tests; the report prints it.</param>
public sealed record BoundsExperiment(
    string Name,
    [Required] DataSection Data,
    AutoencoderSection Network,
    AutoencoderTrainingSection Training,
    [Range(0, 100_000)] int Draws = 50,
    int Seed = 1,
    string? Claim = null
)
{
    /// <inheritdoc cref="BoundsExperiment"/>
    public string Name { get; } =
        RunName.IsValid(Name)
            ? Name
            : throw new ArgumentException($"'{Name}' cannot name a run folder; use letters, digits, '-', '_' and '.'", nameof(Name));

    /// <inheritdoc cref="BoundsExperiment"/>
    public DataSection Data { get; } =
        Data is { Folds: not null, JudgingFold: null }
            ? throw new ArgumentException(
                "data.folds is for 'train', which runs once for each fold; choose one fold with data.fold, or leave out data.folds",
                nameof(Data)
            )
            : Data;

    /// <summary>The whole comparison as YAML, defaults and overrides included.</summary>
    public string Effective => RecordWriter.Write(this);

    /// <summary>Reads a file; an override is a dotted path and a value, as in <c>training.epochs=3</c>.</summary>
    /// <exception cref="DeclarationException">A key or a value is unknown, missing, of the wrong type or out of range.</exception>
    public static BoundsExperiment Load(string path, IEnumerable<string>? overrides = null) =>
        ExperimentFile.Bind<BoundsExperiment>(path, overrides ?? []);
}

/// <summary>The sizes of an autoencoder; the image size and the channels come from the data.</summary>
/// <param name="LatentDimension">The length of a code.</param>
/// <param name="HiddenDimension">The width of the hidden layers.</param>
/// <param name="MaxAlpha">The largest noise of Information Dropout.</param>
public sealed record AutoencoderSection(
    [Range(1, 65_536)] int LatentDimension = 32,
    [Range(1, 65_536)] int HiddenDimension = 400,
    [Range(0.0, 100.0, MinimumIsExclusive = true)] double MaxAlpha = 1
);

/// <summary>
/// The budget of an autoencoder. It trains with AdamW without weight decay, a warm-up of half an epoch and a cosine schedule.
/// </summary>
/// <param name="Epochs">Passes over the training rows.</param>
/// <param name="BatchSize">Rows in a step.</param>
/// <param name="LearningRate">The highest learning rate.</param>
/// <param name="Threads">Threads to compute with. 0 means OMP_NUM_THREADS or, if that is not set, one per processor.</param>
/// <param name="CheckpointSteps">Steps between checkpoints; 0 writes one only at the end of each epoch.</param>
public sealed record AutoencoderTrainingSection(
    [Range(1, 100_000)] int Epochs = 20,
    [Range(1, 65_536)] int BatchSize = 128,
    [Range(0.0, 10.0, MinimumIsExclusive = true)] double LearningRate = 1e-3,
    [Range(0, 1024)] int Threads = 0,
    [Range(0, int.MaxValue)] int CheckpointSteps = 1000
);
