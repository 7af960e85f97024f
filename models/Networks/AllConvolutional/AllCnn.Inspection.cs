using NoisyNN.Models.Explanation;
using NoisyNN.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NoisyNN.Models.Networks.AllConvolutional;

// Examines a trained network and estimates its normalisations again. Both run passes in another mode than the network is in.
public sealed partial class AllCnn
{
    /// <inheritdoc/>
    public IReadOnlyList<InformationMap> InformationMaps(Tensor pixels)
    {
        var maps = new List<InformationMap>();
        Look(
            pixels,
            NoiseSwitch.Off,
            (layer, _, information) =>
            {
                if (information is null)
                    return;
                var places = information.sum([1]);
                maps.Add(new InformationMap(layer, (places - places.amin([1, 2], keepdim: true)).MoveToOuterDisposeScope()));
            }
        );
        return maps;
    }

    /// <inheritdoc/>
    public string AnswerMapMethod => ClassActivation.Method;

    /// <summary>A value for each place of the maps of the classes, [N, h, w].</summary>
    /// <inheritdoc/>
    public Tensor AnswerMaps(Tensor pixels, Tensor classes)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var map = (Tensor?)null;
        InMode(
            training: false,
            NoiseSwitch.Off,
            () => map = ClassActivation.Of(ClassMaps(Encode(pixels, BlockCount, visit: null)), _head, classes).MoveToOuterDisposeScope()
        );
        return map!;
    }

    /// <inheritdoc/>
    /// <remarks>They are samples of the representation, for example to estimate a total correlation.</remarks>
    public IReadOnlyList<Tensor> NoisyCodes(Tensor pixels)
    {
        var codes = new List<Tensor>();
        Look(pixels, NoiseSwitch.On, (_, output, _) => codes.Add(output.detach().clone().MoveToOuterDisposeScope()));
        return codes;
    }

    /// <inheritdoc/>
    public override void DryRun(IEnumerable<Tensor> batches)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var norms = modules().OfType<BatchNorm2d>().ToArray();
        var sums = norms.Select(norm => (Mean: zeros_like(norm.running_mean!), Variance: zeros_like(norm.running_var!))).ToArray();
        var count = 0;
        InMode(
            training: true,
            NoiseSwitch.Off,
            () =>
            {
                foreach (var batch in batches)
                {
                    features(batch).Dispose();
                    foreach (var (norm, sum) in norms.Zip(sums))
                    {
                        sum.Mean.add_(norm.running_mean!);
                        sum.Variance.add_(norm.running_var!);
                    }
                    count++;
                }
            }
        );
        foreach (var (norm, sum) in norms.Zip(sums).Where(_ => count > 0))
        {
            norm.running_mean!.copy_(sum.Mean / count);
            norm.running_var!.copy_(sum.Variance / count);
        }
    }

    /// <summary>Runs the network in evaluation, without gradients, and visits each block.</summary>
    void Look(Tensor pixels, NoiseSwitch noise, Action<string, Tensor, Tensor?> visit)
    {
        using var gradients = no_grad();
        InMode(training: false, noise, () => Encode(pixels, BlockCount, visit).Dispose());
    }

    /// <summary>Runs an action with the dropout switched. If the dropout is off, noise of any other kind is off, too.</summary>
    void InMode(bool training, NoiseSwitch dropout, Action action)
    {
        var (trained, before, placement) = (this.training, DropoutSwitch, LatentNoise);
        try
        {
            train(training);
            DropoutSwitch = dropout;
            if (dropout == NoiseSwitch.Off)
                SetLatentNoise(null);
            action();
        }
        finally
        {
            train(trained);
            DropoutSwitch = before;
            SetLatentNoise(placement);
        }
    }
}
