using System.Buffers.Binary;
using System.Text;

namespace NoisyNN.Transforms.Native;

/// <summary>
/// The symbol versions that a 64-bit little-endian ELF library needs from other libraries (<c>.gnu.version_r</c>) and defines itself
/// (<c>.gnu.version_d</c>), found through its dynamic section. Source: Linux Standard Base 5.0, Core, chapter 10.7.
/// </summary>
static class SymbolVersions
{
    const ulong StringTable = 5;
    const ulong Definitions = 0x6ffffffc,
        DefinitionCount = 0x6ffffffd,
        Needs = 0x6ffffffe,
        NeedCount = 0x6fffffff;
    const int HeaderLength = 64;
    const int EntryLength = 16; // of a need and of each of its versions; a definition is longer

    /// <summary>Every version that the library needs, with the library that must have it.</summary>
    /// <exception cref="InvalidDataException">The file is not such a library, or its tables point outside of it.</exception>
    public static IReadOnlyList<(string Library, string Version)> Needed(ReadOnlySpan<byte> file) =>
        [.. ReadNeeds(file).Select(need => (need.Library, need.Version))];

    /// <summary>Every version that the library defines.</summary>
    /// <exception cref="InvalidDataException">The file is not such a library, or its tables point outside of it.</exception>
    public static IReadOnlyList<string> Defined(ReadOnlySpan<byte> file)
    {
        RequireElf(file);
        try
        {
            var values = Dynamic(file);
            if (!values.TryGetValue(Definitions, out var address))
                return [];
            var strings = Offset(file, values[StringTable]);
            var names = new List<string>();
            var entry = Offset(file, address);
            for (var left = values[DefinitionCount]; left > 0; left--)
            {
                // Verdef: u16 version, flags, index, count; u32 hash, aux, next. Its first Verdaux starts with the name.
                names.Add(Text(file, strings, Word(file, checked(entry + Word(file, entry + 12)))));
                if (left > 1)
                    entry = Next(file, entry, Word(file, entry + 16));
            }
            return names;
        }
        catch (Exception exception) when (exception is ArgumentException or KeyNotFoundException or OverflowException)
        {
            throw Damaged(exception);
        }
    }

    /// <summary>Replaces one needed version of a library by another version that the file needs from it anyway.</summary>
    /// <returns>Whether both versions were found.</returns>
    /// <exception cref="InvalidDataException">The file is not such a library, or its tables point outside of it.</exception>
    public static bool Substitute(Span<byte> file, string library, string version, string substitute)
    {
        var needs = ReadNeeds(file).Where(need => need.Library == library).ToList();
        if (
            needs.Find(need => need.Version == substitute) is not { Version: not null } source
            || needs.Find(need => need.Version == version) is not { Version: not null } target
        )
            return false;

        // Vernaux: u32 hash; u16 flags, index; u32 name, next. The index stays, because symbols refer to the entry by it.
        file.Slice(source.Entry, 4).CopyTo(file[target.Entry..]);
        file.Slice(source.Entry + 8, 4).CopyTo(file[(target.Entry + 8)..]);
        return true;
    }

    static List<(string Library, string Version, int Entry)> ReadNeeds(ReadOnlySpan<byte> file)
    {
        RequireElf(file);
        try
        {
            var needs = new List<(string, string, int)>();
            var values = Dynamic(file);
            if (!values.TryGetValue(Needs, out var address))
                return needs;
            var strings = Offset(file, values[StringTable]);
            var entry = Offset(file, address);
            for (var left = values[NeedCount]; left > 0; left--)
            {
                // Verneed: u16 version, count; u32 file, aux, next.
                var library = Text(file, strings, Word(file, entry + 4));
                var version = checked(entry + Word(file, entry + 8));
                for (int versionsLeft = Half(file, entry + 2); versionsLeft > 0; versionsLeft--)
                {
                    needs.Add((library, Text(file, strings, Word(file, version + 8)), version));
                    // Tables without overlap have no more entries than this. Overlapping tables could take hours.
                    ArgumentOutOfRangeException.ThrowIfGreaterThan(needs.Count, file.Length / EntryLength);
                    if (versionsLeft > 1)
                        version = Next(file, version, Word(file, version + 12));
                }
                if (left > 1)
                    entry = Next(file, entry, Word(file, entry + 12));
            }
            return needs;
        }
        catch (Exception exception) when (exception is ArgumentException or KeyNotFoundException or OverflowException)
        {
            throw Damaged(exception);
        }
    }

    /// <summary>Entries lie one behind the other, so that every chain of them ends within the file.</summary>
    static int Next(ReadOnlySpan<byte> file, int entry, int step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, EntryLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, file.Length - entry);
        return entry + step;
    }

    static void RequireElf(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderLength || !file.StartsWith("\x7f"u8 + "ELF"u8) || file[4] != 2 || file[5] != 1)
            throw new InvalidDataException("This is not a 64-bit little-endian ELF file.");
    }

    static Dictionary<ulong, ulong> Dynamic(ReadOnlySpan<byte> file)
    {
        const uint DynamicSegment = 2;
        var values = new Dictionary<ulong, ulong>();
        foreach (var (type, offset, _, size) in Segments(file))
        {
            if (type != DynamicSegment)
                continue;
            var entries = file.Slice(checked((int)offset), checked((int)size));
            for (; entries.Length >= 16 && BinaryPrimitives.ReadUInt64LittleEndian(entries) is not 0 and var tag; entries = entries[16..])
                values[tag] = BinaryPrimitives.ReadUInt64LittleEndian(entries[8..]);
        }
        return values;
    }

    static List<(uint Type, ulong Offset, ulong Address, ulong Size)> Segments(ReadOnlySpan<byte> file)
    {
        const int SegmentLength = 56;
        var segments = new List<(uint, ulong, ulong, ulong)>();
        var header = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file[32..]));
        int size = Half(file, 54);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, SegmentLength);
        for (int count = Half(file, 56); count > 0; count--, header = checked(header + size))
        {
            var segment = file.Slice(header, SegmentLength);
            segments.Add(
                (
                    BinaryPrimitives.ReadUInt32LittleEndian(segment),
                    BinaryPrimitives.ReadUInt64LittleEndian(segment[8..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(segment[16..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(segment[32..])
                )
            );
        }
        return segments;
    }

    /// <summary>The position in the file of what the loader puts at an address.</summary>
    static int Offset(ReadOnlySpan<byte> file, ulong address)
    {
        const uint LoadedSegment = 1;
        foreach (var (type, offset, start, size) in Segments(file))
            if (type == LoadedSegment && address >= start && address - start < size)
                return checked((int)(address - start + offset));
        throw new ArgumentException($"No segment holds the address 0x{address:x}.");
    }

    static int Word(ReadOnlySpan<byte> file, int at) => checked((int)BinaryPrimitives.ReadUInt32LittleEndian(file[at..]));

    static ushort Half(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file[at..]);

    static string Text(ReadOnlySpan<byte> file, int strings, int at)
    {
        var rest = file[checked(strings + at)..];
        var end = rest.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? throw new ArgumentException("A name has no end.") : rest[..end]);
    }

    static InvalidDataException Damaged(Exception cause) => new($"The ELF file's tables of versions are damaged: {cause.Message}", cause);
}
