using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NoisyNN.Pipelines.Data.Formats;

/// <summary>The format of one value in a <c>.npy</c> file.</summary>
/// <param name="Size">The size in bytes.</param>
/// <param name="Kind">The kind of value.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
sealed record NpyElement(int Size, NpyKind Kind, bool IsBigEndian)
{
    /// <summary>Whether it is an integer or a Boolean.</summary>
    public bool IsWhole => Kind is NpyKind.Signed or NpyKind.Unsigned or NpyKind.Boolean;

    /// <summary>Whether it is text.</summary>
    public bool IsText => Kind is NpyKind.Utf32 or NpyKind.Bytes;

    /// <summary>Whether it is an integer between 0 and 255.</summary>
    public bool IsByte => Size == 1 && Kind is NpyKind.Unsigned or NpyKind.Boolean;

    /// <summary>The format for the name of a type in a header.</summary>
    /// <exception cref="InvalidDataException">The type is not supported; the message has the remedy.</exception>
    public static NpyElement Of(string path, string type)
    {
        var isBigEndian = type.StartsWith('>');
        var name = type.TrimStart('<', '|', '=', '>');
        if (
            name.Length > 1
            && name[0] is 'U' or 'S'
            && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        )
        {
            return length is > 0 and <= 1 << 20
                ? new(name[0] == 'U' ? 4 * length : length, name[0] == 'U' ? NpyKind.Utf32 : NpyKind.Bytes, isBigEndian)
                : throw new InvalidDataException($"{path} holds texts of {length} characters; from 1 to {1 << 20} are read.");
        }
        return name switch
        {
            "f2" or "f4" or "f8" => new(name[1] - '0', NpyKind.Real, isBigEndian),
            "i1" or "i2" or "i4" or "i8" => new(name[1] - '0', NpyKind.Signed, isBigEndian),
            "u1" or "u2" or "u4" or "u8" => new(name[1] - '0', NpyKind.Unsigned, isBigEndian),
            "b1" or "?" => new(1, NpyKind.Boolean, isBigEndian),
            "O" => throw new InvalidDataException(
                $"{path} holds Python objects, which are not read, since unpickling runs code. "
                    + "Save numbers with .astype('<f8'), texts with .astype('U')."
            ),
            _ => throw new InvalidDataException(
                $"{path} holds values of type '{type}'; numbers, truth values and texts are read. {Remedy(name)}"
            ),
        };
    }

    /// <summary>The value of a number.</summary>
    public double Read(ReadOnlySpan<byte> bytes) =>
        (Kind, Size) switch
        {
            (NpyKind.Boolean, _) => bytes[0],
            (NpyKind.Real, 2) => (double)(
                IsBigEndian ? BinaryPrimitives.ReadHalfBigEndian(bytes) : BinaryPrimitives.ReadHalfLittleEndian(bytes)
            ),
            (NpyKind.Real, 4) => IsBigEndian ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes),
            (NpyKind.Real, _) => IsBigEndian ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            (NpyKind.Signed, _) => ReadSigned(bytes),
            (NpyKind.Unsigned, _) => ReadUnsigned(bytes),
            _ => throw new InvalidOperationException("Texts have no numeric value."),
        };

    /// <summary>Whether a floating-point number holds the value exactly. Beyond 2^53 it cannot hold every integer.</summary>
    public bool IsExact(ReadOnlySpan<byte> bytes) =>
        Size < 8
        || Kind == NpyKind.Signed && (Int128)(double)ReadSigned(bytes) == ReadSigned(bytes)
        || Kind == NpyKind.Unsigned && (Int128)(double)ReadUnsigned(bytes) == ReadUnsigned(bytes)
        || Kind is not (NpyKind.Signed or NpyKind.Unsigned);

    /// <summary>The error for an integer that a floating-point number cannot hold exactly.</summary>
    public InvalidDataException Inexact(string path, ReadOnlySpan<byte> bytes, string place) =>
        new(
            $"{path} has {ReadText(bytes)} {place}, an integer beyond 2^53, which a feature cannot hold exactly. "
                + "Leave ids out; save measurements with .astype('<f8')."
        );

    /// <summary>The value as text, with all digits of an integer.</summary>
    /// <exception cref="DecoderFallbackException">The bytes are not text.</exception>
    public string ReadText(ReadOnlySpan<byte> bytes) =>
        Kind switch
        {
            NpyKind.Utf32 => new UTF32Encoding(IsBigEndian, byteOrderMark: false, throwOnInvalidCharacters: true)
                .GetString(bytes)
                .TrimEnd('\0'),
            NpyKind.Bytes => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.TrimEnd((byte)0)),
            NpyKind.Unsigned => ReadUnsigned(bytes).ToString(CultureInfo.InvariantCulture),
            NpyKind.Signed => ReadSigned(bytes).ToString(CultureInfo.InvariantCulture),
            _ => Read(bytes).ToString("R", CultureInfo.InvariantCulture),
        };

    long ReadSigned(ReadOnlySpan<byte> bytes) =>
        Size switch
        {
            1 => (sbyte)bytes[0],
            2 => IsBigEndian ? BinaryPrimitives.ReadInt16BigEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes),
            4 => IsBigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes),
            _ => IsBigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes),
        };

    ulong ReadUnsigned(ReadOnlySpan<byte> bytes) =>
        Size switch
        {
            1 => bytes[0],
            2 => IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 => IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        };

    static string Remedy(string name) =>
        name[..Math.Min(1, name.Length)] switch
        {
            "c" => "Save the parts of complex numbers side by side, as numpy.stack([x.real, x.imag], -1) gives them.",
            "M" or "m" => "Save times as numbers with .astype('<i8').",
            "f" => "Save the numbers with .astype('<f8').",
            "T" => "Save the texts with .astype('U').",
            _ => "Save numbers with .astype('<f8'), texts with .astype('U').",
        };
}

/// <summary>Kinds of values in a <c>.npy</c> file.</summary>
enum NpyKind
{
    /// <summary>A Boolean.</summary>
    Boolean,

    /// <summary>A signed integer.</summary>
    Signed,

    /// <summary>An unsigned integer.</summary>
    Unsigned,

    /// <summary>A floating-point number.</summary>
    Real,

    /// <summary>Text, four bytes a character.</summary>
    Utf32,

    /// <summary>Text as bytes.</summary>
    Bytes,
}
