namespace NoisyNN.Transforms.Entropy.Tracking;

/// <summary>What an <see cref="EntropyTracker"/> measures.</summary>
public sealed record TrackingOptions
{
    /// <summary>The rules for σ.</summary>
    public IReadOnlyList<TrackedBandwidth> Bandwidths { get; init; } = Enum.GetValues<TrackedBandwidth>();

    /// <summary>σ of <see cref="TrackedBandwidth.Fixed"/>; 10 is the default of the reference.</summary>
    public double Sigma
    {
        get;
        init => field = Bandwidth.Of(value).Sigma!.Value;
    } = 10;

    /// <summary>t, the power of the eigenvalues.</summary>
    public double Power
    {
        get;
        init => field = new EntropyOptions { Power = value }.Power;
    } = 1;

    /// <summary>The number of subsamples for the 95 % intervals, at least 20; 0 for no intervals.</summary>
    public int Subsamples
    {
        get;
        init => field = new EntropyOptions { Subsamples = value }.Subsamples;
    } = 20;

    /// <summary>How often the labels are permuted, for what DSMI is where labels tell nothing; 0 for no such figure.</summary>
    public int Permutations
    {
        get;
        init =>
            field =
                value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Permutations), value, "Permutations must be at least 0.");
    } = 20;

    /// <summary>The random subsets that a class is compared with.</summary>
    public int Repetitions
    {
        get;
        init => field = new EntropyOptions { Repetitions = value }.Repetitions;
    } = 5;

    /// <summary>The seed of all random numbers.</summary>
    public int Seed { get; init; }
}
