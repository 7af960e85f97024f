using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace NoisyNN.Transforms.Images.Formats;

/// <summary>
/// The bits of entropy-coded data (T.81, F.2.2.5), from a place in the file to the next marker. After the marker, zeros are read and
/// counted as missing.
/// </summary>
ref struct CodedBits(ReadOnlySpan<byte> file, int position)
{
    /// <summary>Bytes that some writers leave before a marker.</summary>
    public const int MostStrayBytes = 8;

    readonly ReadOnlySpan<byte> _file = file;
    int _position = position;
    int _missing;

    /// <summary>The next bits, the first one highest.</summary>
    public ulong Value;

    /// <summary>The number of valid bits in <see cref="Value"/>.</summary>
    public int Count;

    /// <summary>Whether more bits were read than the data have.</summary>
    public readonly bool IsExhausted => Count < _missing;

    /// <summary>The position in the file after the loaded bits.</summary>
    public readonly int Position => _position;

    /// <summary>Makes at least 32 bits valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ensure32()
    {
        if (Count < 32)
            Load();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count)
    {
        Value <<= count;
        Count -= count;
    }

    /// <summary>Skips up to 64 bits.</summary>
    public void SkipMany(int count)
    {
        for (; count > 32; count -= 32)
        {
            Ensure32();
            Skip(32);
        }
        Ensure32();
        Skip(count);
    }

    /// <summary>The next bits as a number, 1 to 16 of them.</summary>
    public int Take(int count)
    {
        Ensure32();
        var value = (int)(Value >> (64 - count));
        Skip(count);
        return value;
    }

    /// <summary>Skips the rest before the next marker.</summary>
    /// <returns>The bytes skipped; -1 if there are more than writers leave, or the file ends.</returns>
    public int DropToMarker()
    {
        var stray = (Count - _missing) / 8;
        while (true)
        {
            if (_position + 1 >= _file.Length || stray > MostStrayBytes)
                return -1;
            if (_file[_position] != 0xFF)
                (_position, stray) = (_position + 1, stray + 1);
            else if (_file[_position + 1] == 0)
                (_position, stray) = (_position + 2, stray + 1);
            else if (_file[_position + 1] == 0xFF)
                _position++;
            else
                break;
        }
        (Value, Count, _missing) = (0, 0, 0);
        return stray;
    }

    /// <summary>Skips a marker. Coded data follow.</summary>
    public byte TakeMarker()
    {
        _position += 2;
        return _file[_position - 1];
    }

    void Load() => Load(ref Value, ref Count);

    /// <summary>
    /// Makes at least 56 bits valid. The arguments may be copies of <see cref="Value"/> and <see cref="Count"/>, which is faster.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(ref ulong value, ref int count)
    {
        if (_position <= _file.Length - 8)
        {
            var next = BinaryPrimitives.ReadUInt64BigEndian(_file[_position..]);
            // Without a byte of 0xFF there is neither a marker nor a stuffed zero. The bits beyond the count belong to the next bytes, so
            // reading them twice does no harm.
            if (((~next - 0x0101010101010101) & next & 0x8080808080808080) == 0)
            {
                value |= next >> count;
                _position += (63 - count) >> 3;
                count |= 56;
                return;
            }
        }
        (Value, Count) = (value, count);
        LoadBytes();
        (value, count) = (Value, Count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void LoadBytes()
    {
        // The bits beyond Count may belong to the next byte. They are cleared, because zeros must be zeros.
        Value &= Count == 0 ? 0 : ulong.MaxValue << (64 - Count);
        for (; Count <= 56; Count += 8)
        {
            var end = _position;
            while (end + 1 < _file.Length && _file[end] == 0xFF && _file[end + 1] == 0xFF)
                end++;
            if (end >= _file.Length || _file[end] == 0xFF && (end + 1 >= _file.Length || _file[end + 1] != 0))
            {
                _missing += 8;
                continue;
            }
            Value |= (ulong)_file[end] << (56 - Count);
            _position = end + (_file[end] == 0xFF ? 2 : 1);
        }
    }
}
