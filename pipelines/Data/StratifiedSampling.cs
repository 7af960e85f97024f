namespace NoisyNN.Pipelines.Data;

/// <summary>
/// Chooses rows so that every class keeps its share. The choice is a pure function of the seed, the purpose and the rows, on every machine.
/// </summary>
/// <remarks>
/// The Sainte-Laguë rule gives seats to classes one by one, at least one to each class if there are enough. Within a class, the rows with
/// the smallest keys win; a key is a hash of seed, purpose and row. Both steps are monotone, so a smaller sample is a subset of a larger
/// one.
/// </remarks>
public static class StratifiedSampling
{
    /// <summary>Chooses some of the rows.</summary>
    /// <param name="rows">Rows to choose from, each once.</param>
    /// <param name="classOf">The class of a row.</param>
    /// <param name="count">The number of rows to choose.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="purpose">The purpose of the sample. Samples for different purposes are independent.</param>
    /// <param name="leaveOne">Whether every class must keep one row that is not chosen. The result may then be smaller than
    /// <paramref name="count"/>.</param>
    /// <returns>The chosen rows, in the order in which they came.</returns>
    public static int[] Choose(IReadOnlyList<int> rows, Func<int, int> classOf, int count, int seed, string purpose, bool leaveOne = false)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(classOf);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var classes = rows.GroupBy(classOf).OrderBy(group => group.Key).Select(group => group.ToArray()).ToArray();
        var seats = Apportion([.. classes.Select(members => members.Length)], count, leaveOne ? 1 : 0);

        var chosen = new HashSet<int>();
        for (var i = 0; i < classes.Length; i++)
        {
            var keys = Array.ConvertAll(classes[i], row => Key(seed, purpose, row));
            Array.Sort(keys, classes[i]);
            chosen.UnionWith(classes[i].AsSpan(0, seats[i]).ToArray());
        }
        return [.. rows.Where(chosen.Contains)];
    }

    /// <summary>Divides the rows into two parts, of which the second has the given fraction of each class.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not in [0, 1).</exception>
    public static (int[] Kept, int[] Held) Cut(IReadOnlyList<int> rows, Func<int, int> classOf, double fraction, int seed, string purpose)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (!(fraction >= 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, $"The {purpose} fraction must be at least 0 and below 1.");
        var held = Choose(rows, classOf, (int)Math.Round(fraction * rows.Count), seed, purpose, leaveOne: true);
        var isHeld = held.ToHashSet();
        return ([.. rows.Where(row => !isHeld.Contains(row))], held);
    }

    static int[] Apportion(int[] sizes, int count, int left)
    {
        var seats = new int[sizes.Length];
        var queue = new PriorityQueue<int, (double, int)>();
        for (var i = 0; i < sizes.Length; i++)
            Enqueue(i);
        for (; count > 0 && queue.TryDequeue(out var i, out _); count--)
        {
            seats[i]++;
            Enqueue(i);
        }
        return seats;

        // A class without a seat comes first, the largest such class before others. Then comes the class with the largest quotient.
        void Enqueue(int i)
        {
            if (seats[i] < sizes[i] - left)
                queue.Enqueue(i, (seats[i] == 0 ? -1e12 - sizes[i] : -sizes[i] / (2.0 * seats[i] + 1), i));
        }
    }

    /// <summary>SplitMix64's output function over seed, purpose and row.</summary>
    static ulong Key(int seed, string purpose, int row)
    {
        var state = Mix((ulong)(uint)seed + 0x9E3779B97F4A7C15);
        foreach (var character in purpose)
            state = Mix(state ^ character);
        return Mix(state + (ulong)(uint)row * 0x9E3779B97F4A7C15);
    }

    static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
