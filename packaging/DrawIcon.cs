using System;
using System.IO;
using System.IO.Compression;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Draws the packages' icon: 16 by 16 squares whose noise fades from left to right. MSBuild compiles this file when it makes a package, for
/// .NET Standard 2.0.
/// </summary>
public sealed class DrawIcon : Task
{
    const int Squares = 16;
    const int SquareSize = 8;
    const int Size = Squares * SquareSize;

    /// <summary>The PNG file to write.</summary>
    [Required]
    public string Path { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)));
        using (var file = new FileStream(Path, FileMode.Create))
        {
            file.Write(new byte[] { 137, 80, 78, 71, 13, 10, 26, 10 }, 0, 8);
            // Width, height, 8 bits a channel, RGB, and the standard compression, filters and order of rows.
            WriteChunk(file, "IHDR", new byte[] { 0, 0, 0, Size, 0, 0, 0, Size, 8, 2, 0, 0, 0 });
            WriteChunk(file, "IDAT", Compress(Pixels()));
            WriteChunk(file, "IEND", new byte[0]);
        }
        return true;
    }

    /// <summary>Rows of RGB, each after the number of its filter, 0 for none.</summary>
    static byte[] Pixels()
    {
        // A fixed seed: the icon is the same in every build.
        var random = new Random(1);
        var noise = new double[Squares, Squares];
        for (var row = 0; row < Squares; row++)
        {
            for (var column = 0; column < Squares; column++)
                noise[row, column] = (random.NextDouble() - 0.5) * (Squares - 1 - column) / (Squares - 1);
        }

        var pixels = new byte[Size * (1 + Size * 3)];
        var next = 0;
        for (var y = 0; y < Size; y++)
        {
            pixels[next++] = 0;
            for (var x = 0; x < Size; x++)
            {
                var level = 0.5 + noise[y / SquareSize, x / SquareSize];
                pixels[next++] = (byte)(30 + 60 * level);
                pixels[next++] = (byte)(40 + 140 * level);
                pixels[next++] = (byte)(90 + 160 * level);
            }
        }
        return pixels;
    }

    /// <summary>Deflated bytes in the frame of zlib (RFC 1950), which .NET Standard 2.0 does not write.</summary>
    static byte[] Compress(byte[] bytes)
    {
        var framed = new MemoryStream();
        framed.Write(new byte[] { 0x78, 0x9C }, 0, 2);
        using (var deflate = new DeflateStream(framed, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(bytes, 0, bytes.Length);
        uint low = 1;
        uint high = 0;
        foreach (var value in bytes)
        {
            low = (low + value) % 65521;
            high = (high + low) % 65521;
        }
        WriteNumber(framed, (high << 16) | low);
        return framed.ToArray();
    }

    static void WriteChunk(Stream file, string type, byte[] content)
    {
        WriteNumber(file, (uint)content.Length);
        var checkedBytes = new byte[4 + content.Length];
        Encoding.ASCII.GetBytes(type).CopyTo(checkedBytes, 0);
        content.CopyTo(checkedBytes, 4);
        file.Write(checkedBytes, 0, checkedBytes.Length);
        WriteNumber(file, Checksum(checkedBytes));
    }

    /// <summary>The CRC of PNG, polynomial 0xEDB88320.</summary>
    static uint Checksum(byte[] bytes)
    {
        var checksum = uint.MaxValue;
        foreach (var value in bytes)
        {
            checksum ^= value;
            for (var bit = 0; bit < 8; bit++)
                checksum = (checksum & 1) != 0 ? 0xEDB88320 ^ (checksum >> 1) : checksum >> 1;
        }
        return ~checksum;
    }

    static void WriteNumber(Stream stream, uint number) =>
        stream.Write(new[] { (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number }, 0, 4);
}
