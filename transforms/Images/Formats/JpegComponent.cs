using System.Buffers;

namespace NoisyNN.Transforms.Images.Formats;

/// <summary>A component of a frame (T.81, B.2.2): its size in blocks, and the parts that scans have sent so far.</summary>
sealed class JpegComponent
{
    const int NotSent = -1;

    readonly int[] _lowestBit = new int[64];
    ulong[] _isNonZero = [];

    public byte Id { get; private set; }

    public int Horizontal { get; private set; }

    public int Vertical { get; private set; }

    /// <summary>Blocks of a scan with this component only.</summary>
    public int BlockCount { get; private set; }

    /// <summary>Whether a sequential scan has sent it.</summary>
    public bool IsScanned { get; set; }

    public void Define(byte id, int horizontal, int vertical)
    {
        (Id, Horizontal, Vertical, IsScanned) = (id, horizontal, vertical, false);
        Array.Fill(_lowestBit, NotSent);
    }

    public void SetBlockCount(int count) => BlockCount = count;

    /// <summary>
    /// For each block, the coefficients of 64 that are known not to be zero. Refinement scans have a bit for each of them.
    /// </summary>
    public Span<ulong> NonZero => _isNonZero.AsSpan(0, BlockCount);

    /// <summary>Allocates <see cref="NonZero"/>, all zero.</summary>
    public void Prepare()
    {
        if (_isNonZero.Length < BlockCount)
        {
            Release();
            _isNonZero = ArrayPool<ulong>.Shared.Rent(BlockCount);
        }
        NonZero.Clear();
    }

    /// <summary>Frees <see cref="NonZero"/>.</summary>
    public void Release()
    {
        if (_isNonZero.Length > 0)
            ArrayPool<ulong>.Shared.Return(_isNonZero);
        _isNonZero = [];
    }

    /// <summary>Records that a progressive scan sends coefficients down to a bit.</summary>
    /// <returns>False if the scan does not continue the earlier ones.</returns>
    public bool Advance(JpegScanHeader scan)
    {
        for (var index = scan.First; index <= scan.Last; index++)
        {
            var expected = scan.HighBit == 0 ? NotSent : scan.HighBit;
            if (_lowestBit[index] != expected)
                return false;
            _lowestBit[index] = scan.LowBit;
        }
        return true;
    }

    /// <summary>Whether progressive scans have sent every coefficient down to its last bit.</summary>
    public bool IsComplete => !_lowestBit.AsSpan().ContainsAnyExcept(0);
}
