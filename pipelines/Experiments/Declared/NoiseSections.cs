using System.ComponentModel.DataAnnotations;
using NoisyNN.Models.Layers;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>Noise as an ML.NET step on the pixel column: fixed for each row.</summary>
/// <param name="Noise">The family and its parameters.</param>
/// <param name="Scope">When the step acts: in training only, or always. The run judges and exports without it in either case.</param>
public sealed record ColumnNoiseSection(NoiseDefinition Noise, NoiseScope Scope = NoiseScope.Training);

/// <summary>Noise that the trainer draws afresh at every step.</summary>
/// <param name="Input">Noise on the pixels that enter the network.</param>
/// <param name="Latent">Noise inside the network.</param>
public sealed record NoiseSection(InputNoiseSection? Input = null, LatentNoiseSection? Latent = null);

/// <summary>Noise on the pixels that enter the network, in training.</summary>
/// <param name="Noise">The family and its parameters.</param>
public sealed record InputNoiseSection(NoiseDefinition Noise);

/// <summary>Noise at one place inside the network.</summary>
/// <param name="Noise">The family and its parameters.</param>
/// <param name="Site">The kind of place.</param>
/// <param name="Layer">The block, counted from 0; -1 is the last.</param>
/// <param name="Training">Whether the noise acts in training.</param>
/// <param name="Inference">
/// Whether the protocol attaches the noise at inference, too, if there is no <c>evaluation.leak</c>. The headline figures and the exported
/// file are without noise.
/// </param>
/// <param name="IncludeClassToken">Whether the noise changes the class token, too.</param>
/// <param name="Detached">Whether the gradient treats the noise as a constant.</param>
/// <param name="Schedule">The strength over the steps of a training; full strength when left out.</param>
public sealed record LatentNoiseSection(
    NoiseDefinition Noise,
    NoiseSite Site = NoiseSite.BlockInput,
    [Range(-1, 1000)] int Layer = -1,
    bool Training = true,
    bool Inference = false,
    bool IncludeClassToken = false,
    bool Detached = false,
    NoiseSchedule? Schedule = null
)
{
    /// <summary>The placement for the network.</summary>
    public LatentNoisePlacement Placement => new(Noise, Site, Layer, Training, Inference, IncludeClassToken, Detached, Schedule);
}

/// <summary>
/// Noise that a trained network gets only while it is tested. It shows whether a test leaks labels between rows.
/// </summary>
/// <param name="Noise">The family and its parameters.</param>
/// <param name="Site">The kind of place.</param>
/// <param name="Layer">The block, counted from 0; -1 is the last.</param>
/// <param name="IncludeClassToken">Whether the noise changes the class token, too.</param>
public sealed record LeakSection(
    NoiseDefinition Noise,
    NoiseSite Site = NoiseSite.AttentionInput,
    [Range(-1, 1000)] int Layer = -1,
    bool IncludeClassToken = false
)
{
    /// <summary>The placement for the network.</summary>
    public LatentNoisePlacement Placement => new(Noise, Site, Layer, InTraining: false, AtInference: true, IncludeClassToken);
}
