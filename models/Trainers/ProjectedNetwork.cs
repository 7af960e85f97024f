using NoisyNN.Models.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Trainers;

/// <summary>A classifier with the projection that SimCLR trains beside it: two linear layers with ReLU between them.</summary>
sealed class ProjectedNetwork : Module<Tensor, Tensor>
{
    readonly Classifier _classifier;
    readonly Linear _hidden;
    readonly Linear _codes;

    /// <param name="classifier">The network, on the device; it stays the caller's.</param>
    /// <param name="featureCount">The length of its features.</param>
    /// <param name="dimension">The length of a code.</param>
    /// <param name="device">The device.</param>
    public ProjectedNetwork(Classifier classifier, long featureCount, int dimension, Device device)
        : base(nameof(ProjectedNetwork))
    {
        _classifier = classifier;
        _hidden = Linear(featureCount, dimension, device: device);
        _codes = Linear(dimension, dimension, device: device);
        register_module("network", classifier);
        register_module("projection_hidden", _hidden);
        register_module("projection_codes", _codes);
    }

    /// <summary>The codes of rows, [N, dimension].</summary>
    /// <param name="rows">Rows of the classifier's shape, the batch first.</param>
    public override Tensor forward(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return _codes.call(functional.relu(_hidden.call(_classifier.features(rows)))).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the projection. The classifier is the caller's, so that this module itself must not be disposed.</summary>
    public void FreeProjection()
    {
        _hidden.Dispose();
        _codes.Dispose();
    }
}
