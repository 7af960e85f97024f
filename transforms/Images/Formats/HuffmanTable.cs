namespace NoisyNN.Transforms.Images.Formats;

/// <summary>A Huffman table of a JPEG file (T.81, annex C and F.2.2.3). It is built to skip codes, not to compute values.</summary>
sealed class HuffmanTable
{
    /// <summary>The number of bits of a lookup. Longer codes are rare.</summary>
    public const int LookupBits = 10;

    /// <summary>The most bits that one group of <see cref="Groups"/> takes.</summary>
    public const int LongestGroup = 32;

    const int LongestCode = 16;

    readonly byte[] _definition = new byte[LongestCode + 256];
    readonly ushort[] _codes = new ushort[1 << LookupBits];
    readonly uint[] _groups = new uint[1 << LookupBits];
    readonly int[] _endOfLength = new int[LongestCode + 1];
    readonly int[] _symbolOffset = new int[LongestCode + 1];
    int _definitionLength;
    bool _hasGroups;

    /// <summary>Whether the current file has defined the table.</summary>
    public bool IsDefined { get; set; }

    /// <summary>Reads a definition: 16 counts of codes by length, and their symbols. The same definition as before costs
    /// nothing.</summary>
    /// <returns>False if there are more codes of a length than fit.</returns>
    public bool Define(ReadOnlySpan<byte> definition)
    {
        IsDefined = true;
        if (definition.SequenceEqual(_definition.AsSpan(0, _definitionLength)))
            return true;

        _definitionLength = 0;
        _hasGroups = false;
        Array.Clear(_codes);
        var (code, symbol) = (0, 0);
        for (var length = 1; length <= LongestCode; length++, code <<= 1)
        {
            var count = definition[length - 1];
            if (code + count > 1 << length)
                return IsDefined = false;
            _symbolOffset[length] = LongestCode + symbol - code;
            for (var i = 0; i < count && length <= LookupBits; i++)
            {
                var spare = LookupBits - length;
                _codes.AsSpan((code + i) << spare, 1 << spare).Fill((ushort)(length << 8 | definition[LongestCode + symbol + i]));
            }
            (code, symbol) = (code + count, symbol + count);
            _endOfLength[length] = code;
        }
        definition.CopyTo(_definition);
        _definitionLength = definition.Length;
        return true;
    }

    /// <summary>The first code of the bits: its length times 256, plus its symbol; 0 if there is none.</summary>
    public int Find(ulong bits)
    {
        var code = _codes[bits >> (64 - LookupBits)];
        return code != 0 ? code : FindLong(bits);
    }

    /// <summary>
    /// The whole coefficients of a sequential block that fit into the next <see cref="LookupBits"/> bits, as a sum. The sum has the bits
    /// of the coefficients with their values, and 256 times the coefficients that the block must still have. It also has 65,536 times the
    /// skipped coefficients. The highest bit is set if the block ends. 0 if the first code is longer.
    /// </summary>
    public ReadOnlySpan<uint> Groups
    {
        get
        {
            if (!_hasGroups)
                FillGroups();
            return _groups;
        }
    }

    int FindLong(ulong bits)
    {
        for (var length = LookupBits + 1; length <= LongestCode; length++)
        {
            var code = (int)(bits >> (64 - length));
            if (code < _endOfLength[length])
                return length << 8 | _definition[_symbolOffset[length] + code];
        }
        return 0;
    }

    void FillGroups()
    {
        for (var bits = 0; bits < _groups.Length; bits++)
            _groups[bits] = Group(bits);
        _hasGroups = true;
    }

    uint Group(int bits)
    {
        var (taken, passed) = (0, 0);
        while (taken < LookupBits)
        {
            int code = _codes[bits << taken & (_codes.Length - 1)];
            var (length, run, size) = (code >> 8, code >> 4 & 15, code & 15);
            if (code == 0 || length > LookupBits - taken)
                break;
            if (size == 0 && run != 15)
                return (uint)(taken + length | (passed + 1) << 8 | passed << 16) | 1u << 31;
            if (taken + length + size > LongestGroup || passed + run + 1 > 64)
                break;
            (taken, passed) = (taken + length + size, passed + run + 1);
        }
        return (uint)(taken | passed << 8 | passed << 16);
    }
}
