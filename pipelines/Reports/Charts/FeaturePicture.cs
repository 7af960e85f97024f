namespace NoisyNN.Pipelines.Reports.Charts;

/// <summary>The features of some test rows without and with a noise, in the plane of the first two principal components of the former.</summary>
/// <param name="Layer">The layer of the features.</param>
/// <param name="Noise">The noise and its place.</param>
/// <param name="Clean">Each row without the noise.</param>
/// <param name="Noisy">The same rows with it.</param>
/// <param name="FirstShare">The share of the variance that the first component holds.</param>
/// <param name="SecondShare">The same of the second.</param>
public sealed record FeaturePicture(
    string Layer,
    string Noise,
    IReadOnlyList<(double X, double Y)> Clean,
    IReadOnlyList<(double X, double Y)> Noisy,
    double FirstShare,
    double SecondShare
);
