using System.ComponentModel.DataAnnotations;
using NoisyNN.Transforms;

namespace NoisyNN.Models.Layers;

/// <summary>The kinds of multiplicative noise of a dropout layer. All are z = f·ε, with an ε for each unit and row.</summary>
public enum DropoutKind
{
    /// <summary>
    /// ε = exp(α·u), u ~ N(0, 1), with α learned and a function of the layer's input (Achille and Soatto, arXiv 1611.01353).
    /// </summary>
    Information,

    /// <summary>
    /// The same with a learned α for each channel, independent of the input (Kingma, Salimans and Welling, arXiv 1506.02557).
    /// </summary>
    Variational,

    /// <summary>
    /// The same with a constant α, the largest one: the multiplicative, log-normal form of Gaussian dropout. Nothing is learned.
    /// </summary>
    Gaussian,

    /// <summary>
    /// ε is 1/p with probability p and 0 otherwise (Srivastava et al., JMLR 15, 2014). It has no α and carries no information term.
    /// </summary>
    Binary,

    /// <summary>ε = 1.</summary>
    None,
}

/// <summary>The prior of a layer's output, relative to which its information is counted. It also decides the activation.</summary>
public enum InformationPrior
{
    /// <summary>q(z) = c/z with a point mass at 0, for ReLU: scale-free, as ReLU is. The term depends on α alone.</summary>
    LogUniform,

    /// <summary>log z ~ N(μ₁, σ₁²) with both learned, for softplus.</summary>
    LogNormal,
}

/// <summary>The settings that the <see cref="InformationDropout"/> layers of a network share.</summary>
public sealed record InformationDropoutConfiguration
{
    /// <summary>The kind of noise.</summary>
    [ConfigurationKey("dropoutKind")]
    public DropoutKind Kind
    {
        get;
        init => field = DefinedValue.Require(value);
    } = DropoutKind.Information;

    /// <summary>The prior that the information is counted against.</summary>
    public InformationPrior Prior
    {
        get;
        init => field = DefinedValue.Require(value);
    } = InformationPrior.LogUniform;

    /// <summary>
    /// The largest noise: α lies in 0.001..MaxAlpha + 0.001. The published values are 0.7 on CIFAR-10 and 1.0 on cluttered MNIST. With
    /// <see cref="DropoutKind.Gaussian"/>, it is α itself.
    /// </summary>
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    public double MaxAlpha { get; init; } = 0.7;

    /// <summary>
    /// The price of information. The loss gains Beta/N times the nats that a row sends through, where N is the number of training rows. 1
    /// makes the loss a variational bound. The published values are 3 on CIFAR-10 and at most 0.5 on cluttered MNIST. With 0 the network
    /// learns to switch the noise off.
    /// </summary>
    [Range(0.0, 1e9)]
    public double Beta { get; init; } = 3;

    /// <summary>The share of units that <see cref="DropoutKind.Binary"/> keeps.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double KeepProbability { get; init; } = 0.5;

    /// <summary>Variational dropout, at the price that makes the loss a variational bound.</summary>
    public static InformationDropoutConfiguration Variational(double maxAlpha = 0.7) =>
        new()
        {
            Kind = DropoutKind.Variational,
            MaxAlpha = maxAlpha,
            Beta = 1,
        };

    /// <summary>Gaussian dropout with a constant α.</summary>
    public static InformationDropoutConfiguration Gaussian(double alpha) =>
        new()
        {
            Kind = DropoutKind.Gaussian,
            MaxAlpha = alpha,
            Beta = 0,
        };

    /// <summary>Binary dropout.</summary>
    public static InformationDropoutConfiguration Binary(double keepProbability = 0.5) =>
        new()
        {
            Kind = DropoutKind.Binary,
            KeepProbability = keepProbability,
            Beta = 0,
        };

    /// <summary>Checks every field.</summary>
    /// <exception cref="ArgumentException">A field is out of its range; the message names it, its value and the remedy.</exception>
    public void Validate()
    {
        Require(double.IsFinite(MaxAlpha) && MaxAlpha > 0, nameof(MaxAlpha), MaxAlpha, "it must be a finite number above 0; 0.7 is usual");
        Require(double.IsFinite(Beta) && Beta >= 0, nameof(Beta), Beta, "it must be a finite number of at least 0");
        Require(KeepProbability is > 0 and <= 1, nameof(KeepProbability), KeepProbability, "it is a probability above 0 and at most 1");
        if (Kind == DropoutKind.Variational && Prior != InformationPrior.LogUniform)
            throw new ArgumentException(
                $"{nameof(DropoutKind.Variational)} dropout is defined only with the prior "
                    + $"{nameof(InformationPrior.LogUniform)}; {nameof(Prior)} is {Prior}."
            );
    }

    static void Require(bool holds, string name, double value, string rule)
    {
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; {rule}."));
    }
}
