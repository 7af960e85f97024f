using System.Diagnostics;
using System.Text.Json;

namespace NoisyNN.Benchmarks.Training;

/// <summary>The times and losses of one side's steps, in turns of a few steps.</summary>
sealed class Turns(int stepsPerTurn)
{
    readonly List<double> _milliseconds = [];

    public List<double> Losses { get; } = [];

    /// <summary>Without the first turn, which warms up.</summary>
    public double Median => _milliseconds.Count > stepsPerTurn ? Comparison.Median(_milliseconds.Skip(stepsPerTurn)) : double.NaN;

    public void Take(OwnStep ours)
    {
        for (var step = 0; step < stepsPerTurn; step++)
        {
            var start = Stopwatch.GetTimestamp();
            Losses.Add(ours.Run());
            _milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    public void Take(Peer peer) => Take(peer, stepsPerTurn);

    public void Take(Peer peer, int steps) => Take(peer.Ask($"{steps}"));

    public void Take(JsonElement answer)
    {
        _milliseconds.AddRange(answer.GetProperty("milliseconds").EnumerateArray().Select(value => value.GetDouble()));
        Losses.AddRange(answer.GetProperty("losses").EnumerateArray().Select(value => value.GetDouble()));
    }

    /// <summary>Fails unless two sides had the same losses in their first ten steps.</summary>
    public static void ThrowIfApart(string sides, Turns ours, Turns theirs, double limit)
    {
        var distance = ours.Losses.Zip(theirs.Losses).Take(10).Max(pair => Math.Abs(pair.First - pair.Second));
        Console.Error.WriteLine(
            FormattableString.Invariant($"losses of the first 10 steps, {sides}: differ by at most {distance:0.0e+0} (limit {limit:0e+0})")
        );
        if (!(distance <= limit))
            throw new InvalidOperationException("The two sides do not compute the same thing; the times say nothing.");
    }
}
