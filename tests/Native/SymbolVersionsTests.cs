using NoisyNN.Transforms.Native;

namespace NoisyNN.Tests.Native;

/// <summary>The tables of versions in ELF files that are made for this, and damaged.</summary>
[TestClass]
public sealed class SymbolVersionsTests
{
    static readonly ElfFile s_example = new()
    {
        Needs =
        [
            ("libc.so.6", ["GLIBC_2.14", "GLIBC_2.34"]),
            ("libstdc++.so.6", ["GLIBCXX_3.4.32", "GLIBCXX_3.4.11", "CXXABI_1.3"]),
            ("libm.so.6", ["GLIBC_2.29"]),
        ],
        Defines = ["libexample.so", "EXAMPLE_1.0", "EXAMPLE_1.1"],
    };

    [TestMethod]
    public void The_versions_that_are_needed_come_with_the_library_that_has_them()
    {
        (string, string)[] expected =
        [
            ("libc.so.6", "GLIBC_2.14"),
            ("libc.so.6", "GLIBC_2.34"),
            ("libstdc++.so.6", "GLIBCXX_3.4.32"),
            ("libstdc++.so.6", "GLIBCXX_3.4.11"),
            ("libstdc++.so.6", "CXXABI_1.3"),
            ("libm.so.6", "GLIBC_2.29"),
        ];
        Assert.AreSequenceEqual(expected, SymbolVersions.Needed(s_example.ToBytes()));
    }

    [TestMethod]
    public void The_versions_that_are_defined_begin_with_the_name_of_the_library() =>
        Assert.AreSequenceEqual((string[])["libexample.so", "EXAMPLE_1.0", "EXAMPLE_1.1"], SymbolVersions.Defined(s_example.ToBytes()));

    [TestMethod]
    public void A_library_without_tables_needs_and_defines_nothing()
    {
        var bare = new ElfFile().ToBytes();
        Assert.IsEmpty(SymbolVersions.Needed(bare));
        Assert.IsEmpty(SymbolVersions.Defined(bare));
    }

    [TestMethod]
    public void A_version_takes_hash_and_name_of_another_one_and_keeps_the_index_that_symbols_refer_to()
    {
        var (before, after) = (s_example.ToBytes(), s_example.ToBytes());
        Assert.IsTrue(SymbolVersions.Substitute(after, "libstdc++.so.6", "GLIBCXX_3.4.32", "GLIBCXX_3.4.11"));

        Assert.AreSequenceEqual(
            (string[])["GLIBC_2.14", "GLIBC_2.34", "GLIBCXX_3.4.11", "GLIBCXX_3.4.11", "CXXABI_1.3", "GLIBC_2.29"],
            SymbolVersions.Needed(after).Select(need => need.Version)
        );
        var (changed, source) = (s_example.PlaceOf("GLIBCXX_3.4.32"), s_example.PlaceOf("GLIBCXX_3.4.11"));
        var expected = before.ToArray();
        before.AsSpan(source, 4).CopyTo(expected.AsSpan(changed)); // hash
        before.AsSpan(source + 8, 4).CopyTo(expected.AsSpan(changed + 8)); // name
        Assert.AreSequenceEqual(expected, after, "flags, index and the step to the next entry stay, and so does everything else");
    }

    [TestMethod]
    [DataRow("libstdc++.so.6", "GLIBCXX_3.4.33", "GLIBCXX_3.4.11", DisplayName = "a version that is not needed")]
    [DataRow("libstdc++.so.6", "GLIBCXX_3.4.32", "GLIBCXX_3.4.12", DisplayName = "a substitute that is not needed")]
    [DataRow("libm.so.6", "GLIBC_2.14", "GLIBC_2.29", DisplayName = "a version of another library")]
    public void What_is_not_in_the_table_changes_nothing(string library, string version, string substitute)
    {
        var file = s_example.ToBytes();
        Assert.IsFalse(SymbolVersions.Substitute(file, library, version, substitute));
        Assert.AreSequenceEqual(s_example.ToBytes(), file);
    }

    [TestMethod]
    [DataRow(0, 0x7e, DisplayName = "another format")]
    [DataRow(4, 1, DisplayName = "32 bits")]
    [DataRow(5, 2, DisplayName = "big-endian")]
    public void Files_of_another_kind_are_refused(int at, int value)
    {
        var file = s_example.ToBytes();
        file[at] = (byte)value;
        var refused = Assert.ThrowsExactly<InvalidDataException>(() => SymbolVersions.Needed(file));
        Assert.AreEqual("This is not a 64-bit little-endian ELF file.", refused.Message);
        Assert.ThrowsExactly<InvalidDataException>(() => SymbolVersions.Defined(file));
    }

    [TestMethod]
    public void Wherever_the_file_is_cut_it_is_refused()
    {
        var file = s_example.ToBytes();
        for (var length = 0; length < file.Length; length++)
            Assert.ThrowsExactly<InvalidDataException>(
                () =>
                {
                    SymbolVersions.Needed(file.AsSpan(0, length));
                    SymbolVersions.Defined(file.AsSpan(0, length));
                },
                $"{length} of {file.Length} bytes"
            );
    }

    [TestMethod]
    [DataRow(0u, DisplayName = "an entry that is its own successor")]
    [DataRow(4u, DisplayName = "entries that overlap")]
    [DataRow(0x7fffffffu, DisplayName = "a successor far behind the end")]
    [DataRow(0xfffffff0u, DisplayName = "a step back, were it signed")]
    public void A_step_to_an_impossible_place_is_refused(uint step)
    {
        int[] fields =
        [
            s_example.PlaceOf("libc.so.6") + 12,
            s_example.PlaceOf("GLIBCXX_3.4.32") + 12,
            s_example.PlaceOf("EXAMPLE_1.0") + 16,
        ];
        foreach (var field in fields)
        {
            var file = s_example.ToBytes();
            BitConverter.TryWriteBytes(file.AsSpan(field), step);
            Assert.ThrowsExactly<InvalidDataException>(
                () =>
                {
                    SymbolVersions.Needed(file);
                    SymbolVersions.Defined(file);
                },
                $"the step at {field}"
            );
        }
    }

    [TestMethod]
    [DataRow(ElfFile.Tag.NeedCount, DisplayName = "needs")]
    [DataRow(ElfFile.Tag.DefinitionCount, DisplayName = "definitions")]
    [DataRow(ElfFile.Tag.Needs, DisplayName = "the address of the needs")]
    [DataRow(ElfFile.Tag.Definitions, DisplayName = "the address of the definitions")]
    [DataRow(ElfFile.Tag.StringTable, DisplayName = "the address of the names")]
    public void A_number_beyond_the_file_is_refused_at_once(ElfFile.Tag tag)
    {
        var file = s_example.ToBytes();
        BitConverter.TryWriteBytes(file.AsSpan(s_example.PlaceOf(tag)), ulong.MaxValue);
        Assert.ThrowsExactly<InvalidDataException>(() =>
        {
            SymbolVersions.Needed(file);
            SymbolVersions.Defined(file);
        });
    }

    [TestMethod]
    public void Random_damage_is_refused_or_read_and_never_another_error()
    {
        var random = new Random(1);
        var refused = 0;
        for (var attempt = 0; attempt < 20_000; attempt++)
        {
            var file = s_example.ToBytes();
            for (var hit = 0; hit < 3; hit++)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            try
            {
                SymbolVersions.Needed(file);
                SymbolVersions.Defined(file);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.IsInRange(5_000, 19_000, refused);
    }
}
