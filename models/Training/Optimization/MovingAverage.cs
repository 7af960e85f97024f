using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Optimization;

/// <summary>
/// An exponential moving average of a network's weights and buffers (Polyak and Juditsky 1992; Tarvainen and Valpola, arXiv 1703.01780),
/// which often generalises better than the last weights.
/// </summary>
sealed class MovingAverage : IDisposable
{
    const string Prefix = "average.";

    readonly double _decay;
    readonly (string Name, Tensor Live, Tensor Average)[] _weights;

    public MovingAverage(nn.Module network, double decay)
    {
        _decay = decay;
        _weights =
        [
            .. network.state_dict().Select(entry => (entry.Key, entry.Value, entry.Value.detach().clone().DetachFromDisposeScope())),
        ];
    }

    /// <param name="step">The step that the weights have just done, counted from 1.</param>
    public void Update(long step)
    {
        // The first weights are random; a shorter memory at the start forgets them.
        var decay = Math.Min(_decay, (1.0 + step) / (10.0 + step));
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (_, live, average) in _weights)
            if (average.is_floating_point())
                average.mul_(decay).add_(live, alpha: 1 - decay);
            else
                average.copy_(live);
    }

    /// <summary>Puts the average into the network until disposed; its own weights come back then, to the last bit.</summary>
    public IDisposable InNetwork()
    {
        Exchange();
        return new Restoration(this);
    }

    public IEnumerable<KeyValuePair<string, Tensor>> Tensors() =>
        _weights.Select(weight => KeyValuePair.Create(Prefix + weight.Name, weight.Average));

    public void Load(IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var gradients = no_grad();
        foreach (var (name, _, average) in _weights)
            average.copy_(tensors[Prefix + name]);
    }

    public void Dispose()
    {
        foreach (var (_, _, average) in _weights)
            average.Dispose();
    }

    void Exchange()
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (_, live, average) in _weights)
        {
            var own = live.clone();
            live.copy_(average);
            average.copy_(own);
        }
    }

    sealed class Restoration(MovingAverage average) : IDisposable
    {
        public void Dispose() => average.Exchange();
    }
}
