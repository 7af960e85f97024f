namespace NoisyNN.Transforms.Entropy.Tracking;

/// <summary>A rule for σ, with the scaling of the features that goes with it.</summary>
public enum TrackedBandwidth
{
    /// <summary>A fixed σ on the features as they are. Its entropy rises when the features grow, whatever their shape.</summary>
    Fixed,

    /// <summary>√D on z-scores, which the authors of DSE use for features of about unit variance.</summary>
    SqrtDimension,

    /// <summary>The median distance between two rows. Its entropy does not depend on the scale of the features.</summary>
    MedianDistance,
}
