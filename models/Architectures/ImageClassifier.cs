using NoisyNN.Models.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Architectures;

/// <summary>
/// A network from raw pixels, float32 [N, C, H, W] in 0..255, to logits, float32 [N, classes]. It normalises inside, so that every host
/// (training, scoring, an exported graph) feeds it the same numbers.
/// </summary>
public abstract class ImageClassifier : Module<Tensor, Tensor>
{
    protected ImageClassifier(string name, int channels, int height, int width, int classCount)
        : base(name)
    {
        Channels = channels;
        Height = height;
        Width = width;
        ClassCount = classCount;
    }

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public int ClassCount { get; }

    /// <summary>The number of values of one image, C·H·W.</summary>
    public int InputLength => Channels * Height * Width;

    /// <summary>The number of trained values.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The noise inside the network; null where there is none.</summary>
    public abstract LatentNoisePlacement? LatentNoise { get; }

    /// <summary>Puts a noise into the network, trained or not; null takes it out.</summary>
    /// <exception cref="ArgumentException">The network has no such place, or the noise has no such axis there.</exception>
    public abstract void SetLatentNoise(LatentNoisePlacement? placement);

    /// <summary>
    /// Whether a training step may compute a batch in parts at the same time: no row's output depends on the other rows, and no random number is drawn,
    /// whose order would depend on which part is first.
    /// </summary>
    public virtual bool CanSplitBatches => false;

    /// <summary>What the head reads, [N, D].</summary>
    public abstract Tensor features(Tensor pixels);

    /// <summary>A training pass: the logits, and what single layers add to the loss besides the cross entropy. Most networks add nothing.</summary>
    /// <param name="pixels">[N, C, H, W]</param>
    /// <param name="trainingRows">The size of the training set, by which an information term is divided to be comparable with a loss per row.</param>
    public virtual (Tensor Logits, IReadOnlyList<PenaltyTerm> Penalties) ForwardWithPenalties(Tensor pixels, long trainingRows) => (call(pixels), []);

    /// <summary>
    /// Whether normalisations must be estimated anew before the network is evaluated, because the statistics that they gathered in training are
    /// those of noisy activations.
    /// </summary>
    public virtual bool NeedsDryRun => false;

    /// <summary>Gathers the statistics of normalisations from batches of training pixels, with all noise off. No weight changes.</summary>
    public virtual void DryRun(IEnumerable<Tensor> batches)
    {
    }
}
