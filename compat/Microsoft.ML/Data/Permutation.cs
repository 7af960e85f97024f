using System;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>Random orders.</summary>
internal static class Permutation
{
    public static int[] Of(int count, Random random)
    {
        var order = Enumerable.Range(0, count).ToArray();
        random.Shuffle(order);
        return order;
    }
}
