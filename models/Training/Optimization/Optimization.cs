using NoisyNN.Models.Architectures;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training;

/// <summary>
/// A network's parameters under AdamW (Loshchilov and Hutter, arXiv 1711.05101), in groups: matrices decay, all else does not, and each layer may have its
/// own share of the rate.
/// </summary>
sealed class Optimization : IDisposable
{
    const string WeightPrefix = "weights.";
    const string BufferPrefix = "buffers.";
    const string FirstMomentPrefix = "optimizer.exp_avg.";
    const string SecondMomentPrefix = "optimizer.exp_avg_sq.";

    readonly nn.Module _network;
    readonly double _clipNorm;
    readonly (string Name, Parameter Value)[] _parameters;
    readonly double[] _rateShares;
    readonly AdamW _optimizer;

    public Optimization(ImageClassifier network, TrainingOptions options)
        : this(network, options.LearningRate, options.WeightDecay, options.LayerRateDecay, options.ClipNorm)
    {
    }

    /// <param name="network">Whose parameters are trained; its buffers are kept with them.</param>
    /// <param name="learningRate">The highest rate.</param>
    /// <param name="weightDecay">Of matrices.</param>
    /// <param name="layerRateDecay">What the rate is multiplied by from each layer to the one below it.</param>
    /// <param name="clipNorm">The largest norm of all gradients together; 0 leaves them as they are.</param>
    public Optimization(nn.Module network, double learningRate, double weightDecay, double layerRateDecay = 1, double clipNorm = 0)
    {
        _network = network;
        _clipNorm = clipNorm;
        var named = network.named_parameters().ToArray();
        var depths = LayerDepth.Of(named.Select(entry => entry.name));
        var groups = named.GroupBy(entry => (Decays: Decays(entry.name, entry.parameter), Share: RateShare(depths, entry.name, layerRateDecay)))
            .OrderByDescending(group => group.Key.Decays).ThenBy(group => group.Key.Share).ToArray();
        _parameters = [.. groups.SelectMany(group => group)];
        _rateShares = [.. groups.Select(group => group.Key.Share)];
        _optimizer = optim.AdamW(
            groups.Select(group => new AdamW.ParamGroup(group.Select(entry => entry.parameter).ToArray(), lr: learningRate * group.Key.Share,
                weight_decay: group.Key.Decays ? weightDecay : 0)).ToArray(),
            lr: learningRate);
    }

    public IReadOnlyList<long> Steps => [.. States().Select(state => state.step)];

    /// <summary>Applies the gradients and clears them. False, with nothing applied, when their norm is not a finite number.</summary>
    public bool Step(double rate)
    {
        if (_clipNorm > 0 && !double.IsFinite(nn.utils.clip_grad_norm_(_parameters.Select(entry => entry.Value), _clipNorm)))
            return false;
        foreach (var (group, share) in _optimizer.ParamGroups.Zip(_rateShares))
            group.LearningRate = rate * share;
        _optimizer.step();
        _network.zero_grad();
        return true;
    }

    /// <summary>The largest magnitude of a weight and the parameter that holds it; not a number where any weight is none.</summary>
    public (string Name, double Magnitude) LargestWeight()
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        (string Name, double Magnitude) largest = ("", double.NegativeInfinity);
        foreach (var (name, parameter) in _parameters)
        {
            var magnitude = (double)parameter.abs().max().item<float>();
            if (!double.IsFinite(magnitude))
                return (name, magnitude);
            if (magnitude > largest.Magnitude)
                largest = (name, magnitude);
        }
        return largest;
    }

    /// <summary>The weights, and the gradients of the step in progress, that hold a value which is not a finite number.</summary>
    public IReadOnlyList<string> NotFinite()
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return
        [
            .. _parameters.Where(entry => !IsFinite(entry.Value)).Select(entry => entry.Name),
            .. _parameters.Where(entry => entry.Value.grad is { } gradient && !IsFinite(gradient)).Select(entry => $"gradient of {entry.Name}"),
        ];

        static bool IsFinite(Tensor tensor) => tensor.isfinite().all().item<bool>();
    }

    public IEnumerable<KeyValuePair<string, Tensor>> Tensors() =>
        _parameters.Zip(States(), (entry, state) => new KeyValuePair<string, Tensor>[]
        {
            new(WeightPrefix + entry.Name, entry.Value),
            new(FirstMomentPrefix + entry.Name, state.exp_avg),
            new(SecondMomentPrefix + entry.Name, state.exp_avg_sq),
        }).SelectMany(tensors => tensors).Concat(Buffers().Select(buffer => KeyValuePair.Create(BufferPrefix + buffer.Name, buffer.Value)));

    public void Load(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyList<long> steps)
    {
        using var gradients = no_grad();
        var states = States();
        for (var index = 0; index < _parameters.Length; index++)
        {
            var (name, parameter) = _parameters[index];
            parameter.copy_(tensors[WeightPrefix + name]);
            states[index].exp_avg.copy_(tensors[FirstMomentPrefix + name]);
            states[index].exp_avg_sq.copy_(tensors[SecondMomentPrefix + name]);
            states[index].step = steps[index];
        }
        foreach (var (name, buffer) in Buffers())
            buffer.copy_(tensors[BufferPrefix + name]);
    }

    public void Dispose() => _optimizer.Dispose();

    /// <summary>What belongs to the network's state and is not trained: the running averages of normalisations.</summary>
    IEnumerable<(string Name, Tensor Value)> Buffers() => _network.named_buffers(include_nonpersistent: false).Select(entry => (entry.name, entry.buffer));

    // The optimiser hands out its live states, in the order of its groups' parameters.
    AdamW.State[] States() => [.. _optimizer.state_dict().State.Cast<AdamW.State>()];

    static double RateShare(IReadOnlyDictionary<string, int> depths, string name, double decay) => Math.Pow(decay, depths.Values.Max() - depths[name]);

    static bool Decays(string name, Tensor parameter) => parameter.shape.Length > 1 && name is not ("cls_token" or "pos_embed");
}
