using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using NoisyNN.Models.Distributed;
using NoisyNN.Models.Training.Batches;
using NoisyNN.Models.Training.Checkpoints;
using NoisyNN.Models.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Loop;

/// <summary>
/// What the processes (ranks) of a training exchange: gradients, figures, rank 0's decisions. One process alone exchanges nothing, at no
/// cost. All ranks hold the same weights, to the last bit.
/// </summary>
sealed class TrainingRanks : IDisposable
{
    // Before the figures of a step: the loss, and whether anybody has cancelled.
    const int Loss = 0,
        Cancelled = 1,
        Figures = 2;

    readonly ProcessGroup _group;
    readonly nn.Module _network;
    readonly CancellationToken _cancellation;
    readonly GradientExchange? _gradients;
    readonly RunningStatistics? _statistics;
    readonly Stopwatch _exchanging = new();

    string[]? _figures;
    bool _isCancelled;

    /// <param name="group">All processes.</param>
    /// <param name="network">What they train.</param>
    /// <param name="cancellation">Stops the training on all ranks, after the same step, whichever rank has it cancelled.</param>
    public TrainingRanks(ProcessGroup group, nn.Module network, CancellationToken cancellation)
    {
        (_group, _network, _cancellation) = (group, network, cancellation);
        if (!AreSeveral)
            return;
        _gradients = new GradientExchange(group, network);
        _statistics = new RunningStatistics(network);
    }

    /// <summary>The number of processes.</summary>
    public int Count => _group.Size;

    /// <summary>Whether there is more than one.</summary>
    public bool AreSeveral => _group.Size > 1;

    /// <summary>Whether this is the process that validates, reports and writes.</summary>
    public bool IsFirst => _group.Rank == 0;

    /// <summary>Whether the training is to stop. Several ranks agree on it in each step, so that all stop after the same one.</summary>
    public bool AreCancelled => AreSeveral ? _isCancelled : _cancellation.IsCancellationRequested;

    /// <summary>The seconds that this process has exchanged gradients and figures, and waited for others meanwhile.</summary>
    public double ExchangeSeconds => _exchanging.Elapsed.TotalSeconds;

    /// <summary>Called when the backward pass has left a block of the network; null for one process.</summary>
    public Action<int>? BlockLeft => _gradients is null ? null : LeaveBlock;

    /// <summary>Waits for all ranks, and begins with rank 0's weights everywhere.</summary>
    /// <param name="dataHash">What identifies the training rows.</param>
    /// <exception cref="InvalidOperationException">This rank has other rows than rank 0.</exception>
    public void Start(string dataHash)
    {
        if (!AreSeveral)
            return;
        _group.WaitForAll();
        var first = Encoding.UTF8.GetString(_group.BroadcastMessage(Encoding.UTF8.GetBytes(dataHash)));
        if (first != dataHash)
            throw new InvalidOperationException(
                $"Rank {_group.Rank} has read other rows than rank 0. All ranks must see the same files; copy them to every machine, or put "
                    + "them where all machines see them."
            );
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var weight in _network.state_dict().Values)
        {
            var copy = weight.cpu().contiguous();
            _group.Broadcast(copy.bytes);
            weight.copy_(copy);
        }
        _isCancelled = _group.Any(_cancellation.IsCancellationRequested);
    }

    /// <summary>Whether rank 0 is to go on from a checkpoint.</summary>
    public bool AreResumed(bool resume)
    {
        if (!AreSeveral)
            return resume;
        Span<byte> first = [resume ? (byte)1 : (byte)0];
        _group.Broadcast(first);
        return first[0] != 0;
    }

    /// <summary>Rank 0's checkpoint; null where there is none.</summary>
    public Checkpoint? ReadCheckpoint(Func<Checkpoint?> read) => SharedCheckpoint.Read(_group, read);

    /// <summary>Completes a step's gradients, and adds up the loss and the figures over all ranks.</summary>
    /// <param name="rows">The step's rows.</param>
    /// <param name="loss">What this rank's rows add to the mean loss.</param>
    /// <param name="figures">The figures of this rank's rows.</param>
    public (double Loss, NamedSums Figures) Sum(Batch rows, double loss, NamedSums figures)
    {
        if (_gradients is null)
            return (loss, figures);
        _exchanging.Start();
        _gradients.Complete();
        _statistics!.Average(_group, (double)rows.Count / rows.StepCount);
        // Only rank 0 has rows in every step, and so knows the names.
        _figures ??= Names(figures);
        double[] sums = [loss, _cancellation.IsCancellationRequested ? 1 : 0, .. _figures.Select(name => figures[name])];
        _group.Sum(sums);
        _exchanging.Stop();
        _isCancelled = sums[Cancelled] > 0;
        return (
            sums[Loss],
            new NamedSums(_figures.Select((name, index) => (name, index)).ToDictionary(one => one.name, one => sums[Figures + one.index]))
        );
    }

    /// <summary>What rank 0 finds of the validation rows. The others wait, without keeping a processor busy.</summary>
    public (double Loss, double? Accuracy)? Validate(Func<(double Loss, double? Accuracy)?> validate)
    {
        var found = IsFirst ? validate() : null;
        if (!AreSeveral)
            return found;
        _group.WaitForAll();
        var (isFound, isAccuracy) = (found is not null, found?.Accuracy is not null);
        double[] values = [isFound ? 1 : 0, found?.Loss ?? 0, isAccuracy ? 1 : 0, found?.Accuracy ?? 0];
        _group.Broadcast(MemoryMarshal.AsBytes(values.AsSpan()));
        return values[0] == 0 ? null : (values[1], values[2] == 0 ? null : values[3]);
    }

    /// <summary>Rank 0's choice of a value that each rank could choose otherwise.</summary>
    public T Choose<T>(Func<T> choose)
        where T : struct, Enum
    {
        if (!AreSeveral)
            return choose();
        Span<byte> chosen = [IsFirst ? Convert.ToByte(choose(), CultureInfo.InvariantCulture) : (byte)0];
        _group.Broadcast(chosen);
        return (T)Enum.ToObject(typeof(T), chosen[0]);
    }

    /// <summary>Compares this rank's parameters with those of rank 0.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public void ThrowIfApart(int epoch)
    {
        if (!AreSeveral)
            return;
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in _network.parameters())
            hash.AppendData(parameter.cpu().contiguous().bytes);
        var own = hash.GetHashAndReset();
        if (!_group.BroadcastMessage(own).AsSpan().SequenceEqual(own))
            throw new InvalidOperationException(
                $"After epoch {epoch}, rank {_group.Rank} has other weights than rank 0. Are the processors or the libraries of the machines "
                    + "of different kinds? Train on machines of one kind."
            );
    }

    public void Dispose()
    {
        _gradients?.Dispose();
        _statistics?.Dispose();
    }

    void LeaveBlock(int block)
    {
        _exchanging.Start();
        _gradients!.BlockLeft(block);
        _exchanging.Stop();
    }

    string[] Names(NamedSums figures)
    {
        const char Separator = '\n';
        var names = string.Join(Separator, figures.Figures.Keys.Order(StringComparer.Ordinal));
        var first = Encoding.UTF8.GetString(_group.BroadcastMessage(Encoding.UTF8.GetBytes(names)));
        return first.Length == 0 ? [] : first.Split(Separator);
    }
}
