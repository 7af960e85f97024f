using System.Buffers.Binary;
using System.Text;

namespace NoisyNN.Tests.RealFiles.Hostile;

/// <summary>Damage to whole files: what disks, downloads and people who look for faults do to them.</summary>
static class Damage
{
    static readonly uint[] s_numbers = [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];

    // What parsers of text stumble over: depth, length, endings, numbers without end, invisible characters, formats of other kinds.
    static readonly string[] s_words =
    [
        .. new[] { "[", "{", "(", "- ", "? ", "\"", "'", "&a [*a, ", "!!a ", ",", ";", "\t", "../", "9", "\\u", "%" }.Select(Many),
        "\0",
        "\uFEFF",
        "\u202E",
        "\uD83D\uDE00",
        "\r",
        "\n\n---\n",
        "1e999",
        "-1",
        "NaN",
        "0x7fffffff",
        "1" + new string('0', 400),
        "null",
        "<<: *a",
        "/dev/zero",
        "\u001b[2J",
        "=cmd|' /C calc'!A0",
    ];

    /// <summary>Cuts at each sixteenth and of the last two bytes.</summary>
    public static IEnumerable<HostileFile> Cuts(string name, byte[] whole) =>
        Enumerable
            .Range(0, 16)
            .Select(part => whole.Length * part / 16)
            .Concat([whole.Length - 2, whole.Length - 1])
            .Distinct()
            .Select(length => new HostileFile($"{name} cut to {length} of {whole.Length} bytes", whole[..length], IsCut: true));

    /// <summary>Flipped bits, numbers at the ends of their range, and stretches that are zero, missing or there twice.</summary>
    public static IEnumerable<HostileFile> Bytes(string name, byte[] whole, int count, int seed)
    {
        var random = new Random(seed);
        for (var number = 0; number < count; number++)
        {
            var (place, length) = (random.Next(whole.Length), random.Next(1, 64));
            var end = Math.Min(place + length, whole.Length);
            var kind = random.Next(6);
            byte[] content = kind switch
            {
                0 or 1 => Flipped(whole, place, random.Next(8)),
                2 => WithNumber(whole, place, s_numbers[random.Next(s_numbers.Length)], random.Next(2) == 0),
                3 => [.. whole[..place], .. new byte[end - place], .. whole[end..]],
                4 => [.. whole[..place], .. whole[end..]],
                _ => [.. whole[..end], .. whole[place..]],
            };
            yield return new($"{name}, damage {kind} at byte {place} (number {number})", content);
        }
    }

    /// <summary>Words and marks in the middle of a text, or in the place of a part of it.</summary>
    public static IEnumerable<HostileFile> Text(string name, string whole, int count, int seed)
    {
        var random = new Random(seed);
        for (var number = 0; number < count; number++)
        {
            var place = random.Next(whole.Length + 1);
            var end = random.Next(3) == 0 ? Math.Min(place + random.Next(1, 20), whole.Length) : place;
            var word = random.Next(s_words.Length);
            yield return new(
                $"{name}, word {word} at character {place} (number {number})",
                Encoding.UTF8.GetBytes(whole[..place] + s_words[word] + whole[end..])
            );
        }
    }

    static string Many(string word) => string.Concat(Enumerable.Repeat(word, 30_000));

    static byte[] Flipped(byte[] whole, int place, int bit)
    {
        var changed = (byte[])whole.Clone();
        changed[place] ^= (byte)(1 << bit);
        return changed;
    }

    static byte[] WithNumber(byte[] whole, int place, uint number, bool isLittleEndian)
    {
        var bytes = new byte[sizeof(uint)];
        if (isLittleEndian)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        else
            BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        var changed = (byte[])whole.Clone();
        bytes.AsSpan(0, Math.Min(bytes.Length, whole.Length - place)).CopyTo(changed.AsSpan(place));
        return changed;
    }
}
