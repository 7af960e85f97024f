namespace NoisyNN.Transforms.Noise;

/// <summary>When a noise on a column acts.</summary>
public enum NoiseScope
{
    /// <summary>Only on the view that the pipeline is fitted on; at scoring time the column passes unchanged.</summary>
    Training,

    /// <summary>On every view, at scoring time too.</summary>
    Always,
}
