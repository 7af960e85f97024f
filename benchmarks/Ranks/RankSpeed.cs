using NoisyNN.Benchmarks.Training;

namespace NoisyNN.Benchmarks.Ranks;

/// <summary>
/// Two ranks with a thread each train the micro ViT together, 64 rows on each. Beside them, in turns: two trainings of 64 rows that share
/// nothing, side by side on a thread each, and one process that trains on 128 rows with two threads. Needs two quiet cores.
/// </summary>
static class RankSpeed
{
    const int Ranks = 2,
        Rounds = 8,
        StepsPerTurn = 4,
        RowsOfRank = OwnStep.BatchSize;

    public static IReadOnlyList<Comparison> Compare()
    {
        const string Unit = "images/s";
        using var ranks = Peer.Training(RowsOfRank, threads: 1, Ranks);
        using var first = Peer.Training(RowsOfRank, threads: 1);
        using var second = Peer.Training(RowsOfRank, threads: 1);
        using var one = Peer.Training(RowsOfRank * Ranks, threads: Ranks);
        Turns together = new(StepsPerTurn),
            unconnected = new(Ranks * StepsPerTurn),
            alone = new(StepsPerTurn);
        var exchange = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var answer = ranks.Ask($"{StepsPerTurn}");
            together.Take(answer);
            exchange.Add(answer.GetProperty("exchange").GetDouble() * 1000 / StepsPerTurn);
            var other = Task.Run(() => second.Ask($"{StepsPerTurn}"));
            unconnected.Take(first, StepsPerTurn);
            unconnected.Take(other.Result);
            alone.Take(one);
        }
        Turns.ThrowIfApart("two ranks and one process", together, alone, 1e-3);
        var milliseconds = Comparison.Median(exchange.Skip(1));
        Console.Error.WriteLine(
            FormattableString.Invariant(
                $"ms a step: {together.Median:0.0} on two ranks, {unconnected.Median:0.0} unconnected, {alone.Median:0.0} in one process"
            )
        );
        Console.Error.WriteLine(
            FormattableString.Invariant($"between the ranks: {milliseconds:0.0} ms a step, {milliseconds / together.Median:P1}")
        );
        return
        [
            new("ranks-vs-unconnected", Unit, ImagesPerSecond(together), ImagesPerSecond(unconnected)),
            new("ranks-vs-one", Unit, ImagesPerSecond(together), ImagesPerSecond(alone)),
        ];
    }

    static double ImagesPerSecond(Turns turns) => 1000 * RowsOfRank * Ranks / turns.Median;
}
