using System.Buffers.Binary;
using System.Text;

namespace NoisyNN.Tests.Native;

/// <summary>A 64-bit ELF library of a few hundred bytes: header, two segments, dynamic section, and the tables of versions.</summary>
public sealed class ElfFile
{
    /// <summary>The entries of the dynamic section.</summary>
    public enum Tag : ulong
    {
        StringTable = 5,
        Definitions = 0x6ffffffc,
        DefinitionCount = 0x6ffffffd,
        Needs = 0x6ffffffe,
        NeedCount = 0x6fffffff,
    }

    /// <summary>Addresses are not places in the file.</summary>
    const int Address = 0x10000;
    const int SegmentsAt = 64,
        DynamicAt = SegmentsAt + 2 * 56,
        TablesAt = DynamicAt + 6 * 16;

    readonly Dictionary<string, int> _places = [];
    readonly Dictionary<Tag, int> _tags = [];

    public IReadOnlyList<(string Library, string[] Versions)> Needs { get; init; } = [];

    public IReadOnlyList<string> Defines { get; init; } = [];

    /// <summary>Where the entry of a library or a version begins; a name that occurs twice is found where it comes last.</summary>
    public int PlaceOf(string name) => _places[name];

    /// <summary>Where the value of an entry of the dynamic section is.</summary>
    public int PlaceOf(Tag tag) => _tags[tag];

    public byte[] ToBytes()
    {
        var strings = new MemoryStream();
        strings.WriteByte(0);
        var file = new byte[TablesAt + Needs.Sum(need => 16 + 16 * need.Versions.Length) + 28 * Defines.Count];
        var at = TablesAt;

        var needsAt = at;
        foreach (var ((library, versions), index) in Needs.Select((need, index) => (need, index)))
        {
            _places[library] = at;
            Half(at, 1);
            Half(at + 2, versions.Length);
            Word(at + 4, Text(library));
            Word(at + 8, 16);
            Word(at + 12, index < Needs.Count - 1 ? 16 + 16 * versions.Length : 0);
            at += 16;
            foreach (var (version, number) in versions.Select((version, number) => (version, number)))
            {
                _places[version] = at;
                Word(at, version.GetHashCode(StringComparison.Ordinal) & 0xffffff);
                Half(at + 6, 2 + number);
                Word(at + 8, Text(version));
                Word(at + 12, number < versions.Length - 1 ? 16 : 0);
                at += 16;
            }
        }
        var definitionsAt = at;
        foreach (var (version, index) in Defines.Select((version, index) => (version, index)))
        {
            _places[version] = at;
            Half(at, 1);
            Half(at + 6, 1);
            Word(at + 12, 20);
            Word(at + 16, index < Defines.Count - 1 ? 28 : 0);
            Word(at + 20, Text(version));
            at += 28;
        }

        List<(Tag, ulong)> entries = [(Tag.StringTable, (ulong)(Address + file.Length))];
        if (Needs.Count > 0)
            entries.AddRange([(Tag.Needs, (ulong)(Address + needsAt)), (Tag.NeedCount, (ulong)Needs.Count)]);
        if (Defines.Count > 0)
            entries.AddRange([(Tag.Definitions, (ulong)(Address + definitionsAt)), (Tag.DefinitionCount, (ulong)Defines.Count)]);
        foreach (var ((tag, value), index) in entries.Select((entry, index) => (entry, index)))
        {
            _tags[tag] = DynamicAt + 16 * index + 8;
            Long(DynamicAt + 16 * index, (ulong)tag);
            Long(_tags[tag], value);
        }

        "\x7f"u8.CopyTo(file);
        "ELF"u8.CopyTo(file.AsSpan(1));
        (file[4], file[5]) = (2, 1);
        Long(32, SegmentsAt);
        Half(54, 56);
        Half(56, 2);
        var length = (ulong)(file.Length + strings.Length);
        Segment(SegmentsAt, type: 1, offset: 0, Address, length);
        Segment(SegmentsAt + 56, type: 2, DynamicAt, Address + DynamicAt, 6 * 16);
        return [.. file, .. strings.ToArray()];

        void Segment(int place, int type, ulong offset, ulong address, ulong size)
        {
            Word(place, type);
            Long(place + 8, offset);
            Long(place + 16, address);
            Long(place + 32, size);
        }

        int Text(string text)
        {
            var place = (int)strings.Length;
            strings.Write(Encoding.ASCII.GetBytes(text + '\0'));
            return place;
        }

        void Half(int place, int value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(place), (ushort)value);
        void Word(int place, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(place), value);
        void Long(int place, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(place), value);
    }
}
