using NoisyNN.Models.Randomness;

namespace NoisyNN.Models.Training.Batches;

/// <summary>The order in which an epoch visits the rows: a permutation that is a pure function of (seed, epoch).</summary>
static class SampleOrder
{
    public static int[] Shuffle(int count, int seed, int epoch) => Shuffle(count, RandomStream.Create(seed, RandomStream.Order, epoch));

    /// <summary>A uniformly random permutation of 0..count-1 (Fisher and Yates).</summary>
    public static int[] Shuffle(int count, RandomStream random)
    {
        var order = new int[count];
        for (var index = 0; index < count; index++)
            order[index] = index;

        for (var index = count - 1; index > 0; index--)
        {
            var other = random.Next(index + 1);
            (order[index], order[other]) = (order[other], order[index]);
        }
        return order;
    }
}
