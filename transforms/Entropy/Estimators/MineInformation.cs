using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Estimators;

/// <summary>
/// Mutual information neural estimation (Belghazi et al., arXiv 1801.04062): the bound of Donsker and Varadhan, E T(x,y) - ln E exp T(x,y'),
/// with a perceptron T. Its authors state it in nats; here it is in bits, as every figure.
/// </summary>
public sealed record MineInformation : VariationalEstimator
{
    /// <inheritdoc/>
    public override string Name => "mine";

    /// <inheritdoc/>
    public override string Description => "lower bound: Donsker and Varadhan, by a perceptron, on rows held out";

    private protected override VariationalBound Create(int features, int references, Random random) =>
        new DonskerVaradhan(new Perceptron(features + references, 1, random));

    sealed class DonskerVaradhan(Perceptron critic) : VariationalBound(critic)
    {
        /// <summary>Pairs that do not belong together, for each pair that does.</summary>
        const int Others = 8;

        public override Tensor Nats(Tensor x, Tensor y)
        {
            // Rows are in random order, so a rolled Y is a draw from its own distribution.
            var others = cat([.. Enumerable.Range(1, Others).Select(shift => cat([x, y.roll(shift, 0)], 1))], 0);
            var apart = critic.Forward(others).flatten();
            return critic.Forward(cat([x, y], 1)).mean() - (apart.logsumexp(0) - Math.Log(apart.shape[0]));
        }
    }
}
