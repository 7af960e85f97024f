using NoisyNN.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Optimization;

/// <summary>
/// A network's parameters under AdamW (<see cref="FusedAdamW"/>), in groups: matrices decay, all else does not, and each layer may have its
/// own share of the rate.
/// </summary>
sealed class NetworkOptimizer : IDisposable
{
    const string WeightPrefix = "weights.";
    const string BufferPrefix = "buffers.";
    const string FirstMomentPrefix = "optimizer.exp_avg.";
    const string SecondMomentPrefix = "optimizer.exp_avg_sq.";

    readonly nn.Module _network;
    readonly double _clipNorm;
    readonly (string Name, Parameter Value)[] _parameters;
    readonly Group[] _groups;
    readonly FusedAdamW.State[] _states;

    public NetworkOptimizer(nn.Module network, TrainingRecipe options)
        : this(network, options.WeightDecay, options.LayerRateDecay, options.ClipNorm) { }

    /// <param name="network">Whose parameters are trained; its buffers are kept with them.</param>
    /// <param name="weightDecay">Of matrices.</param>
    /// <param name="layerRateDecay">What the rate is multiplied by from each layer to the one below it.</param>
    /// <param name="clipNorm">The largest norm of all gradients together; 0 leaves them as they are.</param>
    public NetworkOptimizer(nn.Module network, double weightDecay, double layerRateDecay = 1, double clipNorm = 0)
    {
        _network = network;
        _clipNorm = clipNorm;
        var named = network.named_parameters().ToArray();
        var depths = LayerDepth.Of(named.Select(entry => entry.name));
        var groups = named
            .GroupBy(entry =>
                (Decays: Initialization.IsWeight(entry.name, entry.parameter), Share: RateShare(depths, entry.name, layerRateDecay))
            )
            .OrderByDescending(group => group.Key.Decays)
            .ThenBy(group => group.Key.Share)
            .ToArray();
        _parameters = [.. groups.SelectMany(group => group)];
        _groups =
        [
            .. groups.Select(group => new Group(
                group.Key.Share,
                group.Key.Decays ? weightDecay : 0,
                [.. group.Select(entry => new FusedAdamW.State(entry.parameter))]
            )),
        ];
        _states = [.. _groups.SelectMany(group => group.States)];
    }

    public IReadOnlyList<long> Steps => [.. _states.Select(state => (long)state.Steps.item<float>())];

    /// <summary>Applies the gradients and clears them. False, with nothing applied, when their norm is not a finite number.</summary>
    public bool Step(double rate)
    {
        if (_clipNorm > 0 && !double.IsFinite(nn.utils.clip_grad_norm_(_parameters.Select(entry => entry.Value), _clipNorm)))
            return false;
        using (NewDisposeScope())
            foreach (var group in _groups)
                FusedAdamW.Step([.. group.States.Where(state => state.Weight.grad is not null)], rate * group.RateShare, group.Decay);
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
            .. _parameters
                .Where(entry => entry.Value.grad is { } gradient && !IsFinite(gradient))
                .Select(entry => $"gradient of {entry.Name}"),
        ];

        static bool IsFinite(Tensor tensor) => tensor.isfinite().all().item<bool>();
    }

    public IEnumerable<KeyValuePair<string, Tensor>> Tensors() =>
        _parameters
            .Zip(
                _states,
                (entry, state) =>
                    new KeyValuePair<string, Tensor>[]
                    {
                        new(WeightPrefix + entry.Name, entry.Value),
                        new(FirstMomentPrefix + entry.Name, state.Mean),
                        new(SecondMomentPrefix + entry.Name, state.Square),
                    }
            )
            .SelectMany(tensors => tensors)
            .Concat(Buffers().Select(buffer => KeyValuePair.Create(BufferPrefix + buffer.Name, buffer.Value)));

    public void Load(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyList<long> steps)
    {
        using var gradients = no_grad();
        for (var index = 0; index < _parameters.Length; index++)
        {
            var (name, parameter) = _parameters[index];
            parameter.copy_(tensors[WeightPrefix + name]);
            _states[index].Mean.copy_(tensors[FirstMomentPrefix + name]);
            _states[index].Square.copy_(tensors[SecondMomentPrefix + name]);
            _states[index].Steps.fill_(steps[index]);
        }
        foreach (var (name, buffer) in Buffers())
            buffer.copy_(tensors[BufferPrefix + name]);
    }

    public void Dispose()
    {
        foreach (var state in _states)
            state.Dispose();
    }

    /// <summary>What belongs to the network's state and is not trained: the running averages of normalisations.</summary>
    IEnumerable<(string Name, Tensor Value)> Buffers() =>
        _network.named_buffers(include_nonpersistent: false).Select(entry => (entry.name, entry.buffer));

    static double RateShare(IReadOnlyDictionary<string, int> depths, string name, double decay) =>
        Math.Pow(decay, depths.Values.Max() - depths[name]);

    /// <summary>Parameters that share a rate and a decay.</summary>
    sealed record Group(double RateShare, double Decay, FusedAdamW.State[] States);
}
