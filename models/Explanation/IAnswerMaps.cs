using static TorchSharp.torch;

namespace NoisyNN.Models.Explanation;

/// <summary>A network that shows by its own parts which places of an image an answer comes from.</summary>
public interface IAnswerMaps
{
    /// <summary>The method and its source, such as "Grad-CAM (Selvaraju et al., 2017)".</summary>
    string AnswerMapMethod { get; }

    /// <summary>The places that an answer comes from. The pass is in evaluation and without noise; the network is left as it was.</summary>
    /// <param name="pixels">[N, C, H, W], raw: 0..255, on the network's device.</param>
    /// <param name="classes">[N], int64: the class of each image that is explained, such as the one that the network predicts.</param>
    /// <returns>[N, h, w], up to a factor for each image; 0 at the place with the least.</returns>
    Tensor AnswerMaps(Tensor pixels, Tensor classes);
}
