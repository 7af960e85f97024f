using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Images.Formats;

/// <summary>Skips the coded data of a scan, symbol by symbol, and checks whether all of its blocks are there.</summary>
sealed class JpegScan
{
    // Interleaved units of four components of 4 x 4 blocks. Writers use at most ten.
    const int MostBlocks = 64;

    readonly HuffmanTable[] _dcTables = new HuffmanTable[MostBlocks];
    readonly HuffmanTable[] _acTables = new HuffmanTable[MostBlocks];
    int _blocksPerUnit,
        _endOfBandRun;
    JpegScanHeader _header;
    JpegComponent _component = null!;
    bool _isProgressive;

    /// <summary>Units of the scan: blocks of one component, or groups of blocks of several.</summary>
    public int UnitCount { get; set; }

    public void Begin(JpegScanHeader header, bool isProgressive)
    {
        (_header, _isProgressive) = (header, isProgressive);
        (_blocksPerUnit, _endOfBandRun) = (0, 0);
    }

    /// <summary>Adds a component with its tables. A table that the scan does not use may be undefined.</summary>
    public void Add(JpegComponent component, int blocks, HuffmanTable dcTable, HuffmanTable acTable)
    {
        _component = component;
        _dcTables.AsSpan(_blocksPerUnit, blocks).Fill(dcTable);
        _acTables.AsSpan(_blocksPerUnit, blocks).Fill(acTable);
        _blocksPerUnit += blocks;
    }

    /// <summary>Whether all tables are defined that the scan uses.</summary>
    public bool HasTables
    {
        get
        {
            var (usesDc, usesAc) = _isProgressive ? (_header is { First: 0, HighBit: 0 }, _header.First > 0) : (true, true);
            for (var block = 0; block < _blocksPerUnit; block++)
                if (usesDc && !_dcTables[block].IsDefined || usesAc && !_acTables[block].IsDefined)
                    return false;
            return true;
        }
    }

    /// <summary>Skips units, from one up to another.</summary>
    /// <returns>The first invalid unit, or <paramref name="to"/>.</returns>
    public int Skip(ref CodedBits bits, int from, int to)
    {
        _endOfBandRun = 0;
        for (var unit = from; unit < to; unit++)
            if (!(_isProgressive ? SkipProgressive(ref bits, unit) : SkipSequential(ref bits)) || bits.IsExhausted)
                return unit;
        return to;
    }

    bool SkipSequential(ref CodedBits bits)
    {
        for (var block = 0; block < _blocksPerUnit; block++)
            if (!SkipDifference(ref bits, _dcTables[block]) || !SkipCoefficients(ref bits, _acTables[block]))
                return false;
        return true;
    }

    /// <summary>The DC coefficient, coded as a difference (T.81, F.2.2.1).</summary>
    static bool SkipDifference(ref CodedBits bits, HuffmanTable table)
    {
        bits.Ensure32();
        var code = table.Find(bits.Value);
        var size = code & 255;
        bits.Skip((code >> 8) + (size & 15));
        return code != 0 && size <= 15;
    }

    /// <summary>The 63 AC coefficients of a sequential block (T.81, F.2.2.2).</summary>
    static bool SkipCoefficients(ref CodedBits bits, HuffmanTable table)
    {
        // Local variables stay in registers.
        var (value, count) = (bits.Value, bits.Count);
        ref var groups = ref MemoryMarshal.GetReference(table.Groups);
        var left = 63;
        while (left > 0)
        {
            if (count < HuffmanTable.LongestGroup)
                bits.Load(ref value, ref count);
            var group = Unsafe.Add(ref groups, (nint)(value >> (64 - HuffmanTable.LookupBits)));
            if (group != 0 && (int)(group >> 8 & 255) <= left)
            {
                var taken = (int)(group & 255);
                (value, count) = (value << taken, count - taken);
                if ((int)group < 0)
                    break;
                left -= (int)(group >> 16);
                continue;
            }
            // A long code, or a group that continues after the end of the block.
            var code = table.Find(value);
            var (length, run, size) = (code >> 8, code >> 4 & 15, code & 15);
            (value, count) = (value << length + size, count - length - size);
            if (code == 0)
                return false;
            if (size == 0 && run != 15)
                break;
            left -= run + 1;
        }
        (bits.Value, bits.Count) = (value, count);
        return left >= 0;
    }

    bool SkipProgressive(ref CodedBits bits, int unit)
    {
        if (_header.First > 0)
        {
            ref var nonZero = ref _component.NonZero[unit];
            return _header.HighBit == 0 ? SkipBand(ref bits, ref nonZero) : SkipRefinement(ref bits, ref nonZero);
        }
        if (_header.HighBit > 0)
        {
            bits.SkipMany(_blocksPerUnit);
            return true;
        }
        for (var block = 0; block < _blocksPerUnit; block++)
            if (!SkipDifference(ref bits, _dcTables[block]))
                return false;
        return true;
    }

    /// <summary>The first scan of a band of a block (T.81, G.1.2.2).</summary>
    bool SkipBand(ref CodedBits bits, ref ulong nonZero)
    {
        if (_endOfBandRun > 0)
        {
            _endOfBandRun--;
            return true;
        }
        for (var index = _header.First; index <= _header.Last; index++)
        {
            bits.Ensure32();
            var code = _acTables[0].Find(bits.Value);
            var (run, size) = (code >> 4 & 15, code & 15);
            bits.Skip((code >> 8) + size);
            if (code == 0)
                return false;
            if (size == 0 && run != 15)
            {
                _endOfBandRun = RunLength(ref bits, run) - 1;
                return true;
            }
            index += run;
            if (size > 0 && index > _header.Last)
                return false;
            if (size > 0)
                nonZero |= 1ul << index;
        }
        return true;
    }

    /// <summary>
    /// A later scan of a band of a block (T.81, G.1.2.3). It has a bit for each coefficient that is not zero, and the coefficients that
    /// become nonzero.
    /// </summary>
    bool SkipRefinement(ref CodedBits bits, ref ulong nonZero)
    {
        var band = (2ul << _header.Last) - 1;
        var index = _header.First;
        while (_endOfBandRun == 0 && index <= _header.Last)
        {
            bits.Ensure32();
            var code = _acTables[0].Find(bits.Value);
            var (run, size) = (code >> 4 & 15, code & 15);
            bits.Skip((code >> 8) + size);
            if (code == 0 || size > 1)
                return false;
            if (size == 0 && run != 15)
            {
                _endOfBandRun = RunLength(ref bits, run);
                break;
            }
            // The run counts coefficients that are zero so far. Each other coefficient on the way has a bit.
            var rest = band & ulong.MaxValue << index;
            var zeros = rest & ~nonZero;
            for (; run > 0 && zeros != 0; run--)
                zeros &= zeros - 1;
            var target = zeros == 0 ? _header.Last + 1 : BitOperations.TrailingZeroCount(zeros);
            var passed = target > 63 ? rest : rest & ((1ul << target) - 1);
            bits.SkipMany(BitOperations.PopCount(passed & nonZero));
            if (size > 0 && target > _header.Last)
                return false;
            if (size > 0)
                nonZero |= 1ul << target;
            index = target + 1;
        }
        if (_endOfBandRun > 0)
        {
            if (index <= _header.Last)
                bits.SkipMany(BitOperations.PopCount(nonZero & band & ulong.MaxValue << index));
            _endOfBandRun--;
        }
        return true;
    }

    static int RunLength(ref CodedBits bits, int size) => (1 << size) + (size > 0 ? bits.Take(size) : 0);
}
