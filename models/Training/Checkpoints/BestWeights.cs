using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Checkpoints;

/// <summary>
/// A copy of the weights of the best epoch so far: the highest validation accuracy where there is one, then the lowest validation loss,
/// then the earliest.
/// </summary>
sealed class BestWeights(nn.Module network) : IDisposable
{
    const string Prefix = "best.";

    Dictionary<string, Tensor>? _weights;
    (double Accuracy, double NegativeLoss) _score;

    /// <summary>Counted from 1; 0 while there is none.</summary>
    public int Epoch { get; private set; }

    /// <summary>Keeps the network's present weights if they are the best. Without validation the newest are.</summary>
    public void Consider(TrainingMetrics metrics)
    {
        var score = Score(metrics);
        if (Epoch > 0 && metrics.ValidationLoss is not null && score.CompareTo(_score) <= 0)
            return;
        Copy(network.state_dict(), prefix: "");
        (Epoch, _score) = (metrics.Epoch, score);
    }

    /// <summary>Puts the best weights into the network; it keeps its own where there are none.</summary>
    public void Restore()
    {
        if (_weights is not null)
            network.load_state_dict(_weights);
    }

    public IEnumerable<KeyValuePair<string, Tensor>> Tensors() =>
        _weights?.Select(entry => KeyValuePair.Create(Prefix + entry.Key, entry.Value)) ?? [];

    /// <param name="tensors">A checkpoint's.</param>
    /// <param name="epoch">The report of the best epoch; null where no epoch was complete.</param>
    public void Load(IReadOnlyDictionary<string, Tensor> tensors, TrainingMetrics? epoch)
    {
        if (epoch is null)
            return;
        Copy(tensors, Prefix);
        (Epoch, _score) = (epoch.Epoch, Score(epoch));
    }

    public void Dispose()
    {
        foreach (var weight in _weights?.Values ?? Enumerable.Empty<Tensor>())
            weight.Dispose();
    }

    void Copy(IReadOnlyDictionary<string, Tensor> source, string prefix)
    {
        using var gradients = no_grad();
        _weights ??= network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone().DetachFromDisposeScope());
        foreach (var (name, weight) in _weights)
            weight.copy_(source[prefix + name]);
    }

    static (double Accuracy, double NegativeLoss) Score(TrainingMetrics metrics) =>
        (metrics.ValidationAccuracy ?? 0, -(metrics.ValidationLoss ?? 0));
}
