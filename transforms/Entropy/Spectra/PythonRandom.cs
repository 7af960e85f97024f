namespace NoisyNN.Transforms.Entropy.Spectra;

/// <summary>
/// The samples of Python's <c>random.seed(seed); random.sample(range(n), k)</c>, so that figures over random subsets equal those of the
/// reference package to the last digits. The generator is MT19937 (Matsumoto and Nishimura, ACM TOMACS 8, 1998), seeded by its
/// <c>init_by_array</c>.
/// </summary>
sealed class PythonRandom
{
    const int Length = 624,
        Offset = 397;

    readonly uint[] _state = new uint[Length];
    int _next = Length;

    public PythonRandom(long seed)
    {
        var magnitude = (ulong)Math.Abs((decimal)seed);
        Initialize(magnitude >> 32 == 0 ? [(uint)magnitude] : [(uint)magnitude, (uint)(magnitude >> 32)]);
    }

    /// <summary>k different numbers below n, in the order drawn.</summary>
    public int[] Sample(int n, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, n);
        var drawn = new int[k];
        // Python swaps within a pool if a set of the sample would be as large. The two ways draw different numbers.
        var setSize = 21 + (k > 5 ? Math.Pow(4, Math.Ceiling(Math.Log(3.0 * k) / Math.Log(4))) : 0);
        if (n <= setSize)
        {
            int[] pool = [.. Enumerable.Range(0, n)];
            for (var i = 0; i < k; i++)
            {
                var place = Below(n - i);
                drawn[i] = pool[place];
                pool[place] = pool[n - i - 1];
            }
            return drawn;
        }
        var seen = new HashSet<int>(k);
        for (var i = 0; i < k; i++)
        {
            int number;
            do number = Below(n);
            while (!seen.Add(number));
            drawn[i] = number;
        }
        return drawn;
    }

    /// <summary>A uniform number below n. Numbers that are too large are drawn again.</summary>
    int Below(int n)
    {
        var bits = 32 - int.LeadingZeroCount(n);
        uint number;
        do number = Word() >> (32 - bits);
        while (number >= (uint)n);
        return (int)number;
    }

    void Initialize(ReadOnlySpan<uint> key)
    {
        unchecked
        {
            Initialize(19650218u);
            var (i, j) = (1, 0);
            for (var k = Math.Max(Length, key.Length); k > 0; k--)
            {
                _state[i] = (_state[i] ^ (_state[i - 1] ^ _state[i - 1] >> 30) * 1664525u) + key[j] + (uint)j;
                Step(ref i);
                if (++j == key.Length)
                    j = 0;
            }
            for (var k = Length - 1; k > 0; k--)
            {
                _state[i] = (_state[i] ^ (_state[i - 1] ^ _state[i - 1] >> 30) * 1566083941u) - (uint)i;
                Step(ref i);
            }
            _state[0] = 0x80000000u;
        }
    }

    void Step(ref int i)
    {
        if (++i < Length)
            return;
        _state[0] = _state[Length - 1];
        i = 1;
    }

    void Initialize(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < Length; i++)
            _state[i] = unchecked(1812433253u * (_state[i - 1] ^ _state[i - 1] >> 30) + (uint)i);
    }

    uint Word()
    {
        if (_next == Length)
            Twist();
        var word = _state[_next++];
        word ^= word >> 11;
        word ^= word << 7 & 0x9d2c5680u;
        word ^= word << 15 & 0xefc60000u;
        return word ^ word >> 18;
    }

    void Twist()
    {
        for (var i = 0; i < Length; i++)
        {
            var joined = _state[i] & 0x80000000u | _state[(i + 1) % Length] & 0x7fffffffu;
            _state[i] = _state[(i + Offset) % Length] ^ joined >> 1 ^ ((joined & 1) == 0 ? 0 : 0x9908b0dfu);
        }
        _next = 0;
    }
}
