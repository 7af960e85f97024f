using System.Text;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Data.Formats.Tables;

/// <summary>
/// Text files as people save them: UTF-8, and UTF-16 or UTF-32 with or without a byte order mark. Other bytes are refused with their line;
/// they are never replaced.
/// </summary>
static class EncodedText
{
    const int ProbeLength = 4096;

    static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Kinds of files that are not text, by their first bytes.</summary>
    static readonly (byte[] Start, string Kind)[] s_others =
    [
        ([(byte)'P', (byte)'K', 3, 4], "a zip archive or an Excel workbook; export the table as .csv"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook; export the table as .csv"),
        ([0x1F, 0x8B], "compressed with gzip; unpack it first"),
        ([(byte)'P', (byte)'A', (byte)'R', (byte)'1'], "a Parquet file; save the table as .csv"),
        ([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], "a .npy array; give it a name that ends in .npy"),
    ];

    /// <summary>Opens a regular file of text.</summary>
    /// <exception cref="InvalidDataException">There is no such file, or its first bytes are not those of text.</exception>
    public static StreamReader Open(string path)
    {
        var stream = RegularFile.OpenRead(path);
        try
        {
            var probe = new byte[ProbeLength];
            var start = probe.AsSpan(0, stream.ReadAtLeast(probe, ProbeLength, throwOnEndOfStream: false));
            foreach (var (magic, kind) in s_others)
            {
                if (start.StartsWith(magic))
                    throw new InvalidDataException($"{path} is not text but {kind}.");
            }
            var encoding = EncodingOf(path, start);
            stream.Position = 0;
            return new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: true);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads a regular file of text as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The most bytes that the file may have.</param>
    /// <exception cref="InvalidDataException">There is no such file, it is too long, or it is not text.</exception>
    public static string Read(string path, long limit)
    {
        using var reader = Open(path);
        if (reader.BaseStream.Length > limit)
            throw new InvalidDataException($"{path} has {reader.BaseStream.Length} bytes; at most {limit} are read");
        try
        {
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException malformed)
        {
            throw Undecodable(path, malformed);
        }
    }

    /// <summary>The error for bytes that are not text, with their line.</summary>
    public static InvalidDataException Undecodable(string path, DecoderFallbackException malformed) =>
        new(
            $"{path}, line {LineOfError(path)}: the bytes there are not UTF-8. Save "
                + "the file as UTF-8; it may be in Latin-1 or Windows-1252.",
            malformed
        );

    static Encoding EncodingOf(string path, ReadOnlySpan<byte> start)
    {
        // The reader finds byte order marks itself, but would then replace what it cannot decode.
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]))
            return new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true);
        if (start.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
            return new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true);
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return Utf16(bigEndian: false);
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return Utf16(bigEndian: true);

        // In UTF-16, digits and separators have a zero byte each. Text in other encodings has none.
        var (even, odd) = (0, 0);
        for (var index = 0; index < start.Length; index++)
        {
            if (start[index] == 0 && index % 2 == 0)
                even++;
            else if (start[index] == 0)
                odd++;
        }
        return (even, odd) switch
        {
            (0, 0) => s_utf8,
            (0, _) when odd > start.Length / 4 => Utf16(bigEndian: false),
            (_, 0) when even > start.Length / 4 => Utf16(bigEndian: true),
            _ => throw new InvalidDataException($"{path} is not text: it has bytes that are 0. Save it as UTF-8."),
        };

        static UnicodeEncoding Utf16(bool bigEndian) => new(bigEndian, byteOrderMark: true, throwOnInvalidBytes: true);
    }

    /// <summary>Reads the bytes again to find the line, which the decoder does not know.</summary>
    static int LineOfError(string path)
    {
        var line = 0;
        foreach (var text in File.ReadLines(path, Encoding.Latin1))
        {
            line++;
            try
            {
                _ = s_utf8.GetCharCount(Encoding.Latin1.GetBytes(text));
            }
            catch (DecoderFallbackException)
            {
                break;
            }
        }
        return line;
    }
}
