using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NoisyNN.Models.Explanation;

/// <summary>
/// Grad-CAM (Selvaraju et al., ICCV 2017) of a network in which the means of maps go to a linear head. The gradient of a logit by a map is
/// then the same at every place, namely the head's weight divided by the number of places, so that no gradient need be computed. It is the
/// class activation map of Zhou et al. (CVPR 2016) without its negative part. What all places have in common says nothing about places, so
/// that the place with the least has 0.
/// </summary>
static class ClassActivation
{
    /// <summary>The method and its source.</summary>
    public const string Method = "Grad-CAM (Selvaraju et al., 2017)";

    /// <summary>The maps, weighted by what each adds to the logit of a class; [N, h, w], at least 0.</summary>
    /// <param name="maps">[N, D, h, w]</param>
    /// <param name="head">From D means to the logits.</param>
    /// <param name="classes">[N], int64</param>
    public static Tensor Of(Tensor maps, Linear head, Tensor classes)
    {
        using var scope = NewDisposeScope();
        var weights = head.weight!.index_select(0, classes).unsqueeze(-1).unsqueeze(-1);
        var map = (maps * weights).sum([1]).relu();
        return (map - map.amin([1, 2], keepdim: true)).MoveToOuterDisposeScope();
    }
}
