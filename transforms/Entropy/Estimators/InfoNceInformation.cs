using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Estimators;

/// <summary>
/// InfoNCE (van den Oord, Li and Vinyals, arXiv 1807.03748): log B less the cross entropy of finding the Y of each X among the B of a batch,
/// by the product of two perceptrons. It is at most log B, 7 bits for 128.
/// </summary>
public sealed record InfoNceInformation : VariationalEstimator
{
    /// <inheritdoc/>
    public override string Name => "infonce";

    /// <inheritdoc/>
    public override string Description => $"lower bound: the pair among {BatchSize}, on rows held out; at most log2 {BatchSize}";

    private protected override VariationalBound Create(int features, int references, Random random) =>
        new Contrast(new(features, Contrast.Codes, random), new(references, Contrast.Codes, random));

    sealed class Contrast(Perceptron ofX, Perceptron ofY) : VariationalBound(ofX, ofY)
    {
        public const int Codes = 16;

        public override Tensor Nats(Tensor x, Tensor y)
        {
            var scores = ofX.Forward(x).mm(ofY.Forward(y).T).div(Math.Sqrt(Codes));
            return Math.Log(x.shape[0]) - nn.functional.cross_entropy(scores, arange(x.shape[0]));
        }
    }
}
