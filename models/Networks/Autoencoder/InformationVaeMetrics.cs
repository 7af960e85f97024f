namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>An epoch of an autoencoder's training. All figures are means over rows, in nats per row.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Bound">The evidence lower bound of the training rows as they went by: <paramref name="LogLikelihood"/> -
/// <paramref name="Divergence"/>.</param>
/// <param name="LogLikelihood">E ln p(x|z)</param>
/// <param name="Divergence">KL(p(z|x) ‖ p(z)), the information that the code carries and what it costs to be unlike the prior.</param>
/// <param name="ValidationBound">The bound of the validation rows after the epoch; null without any.</param>
/// <param name="ElapsedSeconds">Seconds of training so far, those before a resume included.</param>
public sealed record InformationVaeMetrics(
    int Epoch,
    double Bound,
    double LogLikelihood,
    double Divergence,
    double? ValidationBound,
    double ElapsedSeconds
)
{
    /// <summary>"epoch 2: bound -240.10 nats, likelihood -225.00, divergence 15.10, validation bound -241.00"</summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"epoch {Epoch}: bound {Bound:0.00} nats, likelihood {LogLikelihood:0.00}, divergence {Divergence:0.00}"
        ) + (ValidationBound is { } validation ? FormattableString.Invariant($", validation bound {validation:0.00}") : "");
}
