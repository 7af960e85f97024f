using System.Reflection;
using System.Runtime.InteropServices;
using NoisyNN.Transforms.Native;
using TorchSharp;

namespace NoisyNN.Tests.Native;

/// <summary>TorchSharp's own library, on systems older than the one it was built on.</summary>
[TestClass]
public sealed class OlderLinuxTests
{
    static readonly Lazy<byte[]> s_image = new(() => File.ReadAllBytes(NativeFolders.Find("libLibTorchSharp.so")!));

    /// <summary>What TorchSharp 0.107 binds and its library has on no system.</summary>
    static readonly string[] s_neverThere =
    [
        "THSJIT_getDimensionedTensorDevice",
        "THSJIT_getDimensionedTensorTypeDimensions",
        "THSLinalg_dot",
        "THSTensor_eig",
        "THSTorch_lstsq",
    ];

    [TestInitialize]
    public void OnLinux()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Assert.Inconclusive("Only the library for Linux on x64 has tables of versions.");
    }

    [TestMethod]
    public void TorchSharp_asks_for_two_versions_that_came_with_GCC_12_and_13()
    {
        var versions = Needed("libstdc++.so.6").ToList();
        Assert.HasCount(20, versions);
        Assert.Contains("GLIBCXX_3.4.30", versions);
        Assert.Contains("GLIBCXX_3.4.32", versions);
        Assert.Contains("GLIBCXX_3.4.11", versions);
    }

    [TestMethod]
    [DataRow(30, 1, DisplayName = "Debian 12, Ubuntu 22.04")]
    [DataRow(29, 2, DisplayName = "RHEL 9")]
    public void An_older_system_gets_a_copy_that_asks_for_what_it_has(int newest, int replaced)
    {
        var image = s_image.Value.ToArray();
        Assert.IsTrue(OlderLinux.Adapt(image, "libLibTorchSharp.so", System(newest)));
        Assert.IsEmpty(SystemVersions.Missing(image, System(newest)));
        Assert.AreEqual(1 + replaced, SymbolVersions.Needed(image).Count(need => need.Version == "GLIBCXX_3.4.11"));
        var changed = image.Zip(s_image.Value).Count(bytes => bytes.First != bytes.Second);
        Assert.IsInRange(1, 8 * replaced, changed, "hash and name of each version, and nothing else");
    }

    [TestMethod]
    public void A_newer_system_gets_the_library_as_it_is()
    {
        var image = s_image.Value.ToArray();
        Assert.IsFalse(OlderLinux.Adapt(image, "libLibTorchSharp.so", System(newest: 33)));
        Assert.AreSequenceEqual(s_image.Value, image);
    }

    [TestMethod]
    public void A_system_that_is_too_old_is_told_which_versions_it_has_and_needs()
    {
        var refused = Assert.ThrowsExactly<LibtorchUnavailableException>(() =>
            OlderLinux.Adapt(s_image.Value.ToArray(), "/app/libLibTorchSharp.so", System(newest: 28, newestC: 28))
        );
        Assert.AreEqual(
            "'/app/libLibTorchSharp.so' needs GLIBC_2.32, GLIBC_2.34 of libc.so.6 (this system's ends at GLIBC_2.28) and "
                + "GLIBCXX_3.4.29 of libstdc++.so.6 (this system's ends at GLIBCXX_3.4.28).",
            refused.Cause
        );
        Assert.AreEqual(
            "To run it, use a system with the libstdc++ of GCC 13 or later, such as Debian 13, Ubuntu 24.04 or RHEL 10.",
            refused.Remedy
        );
    }

    [TestMethod]
    public void A_system_without_a_library_is_told_so()
    {
        DefinedVersions withoutGcc = library => library == "libgcc_s.so.1" ? [] : System(newest: 33)(library);
        var refused = Assert.ThrowsExactly<LibtorchUnavailableException>(() =>
            OlderLinux.Adapt(s_image.Value.ToArray(), "libLibTorchSharp.so", withoutGcc)
        );
        Assert.Contains("needs GCC_3.0 of libgcc_s.so.1 (this system has none).", refused.Message);
    }

    [TestMethod]
    [DataRow("torch_cpu")]
    [DataRow("libc")]
    [DataRow("libLibTorchSharp")]
    public void The_runtime_gets_no_answer_for_the_libraries_of_others(string name) => Assert.AreEqual(0, OlderLinux.Resolve(name));

    [TestMethod]
    public void The_copy_is_in_use_exactly_where_the_system_lacks_a_version()
    {
        Libtorch.Require();
        Assert.AreEqual(SystemVersions.Missing(s_image.Value, SystemVersions.Defined).Count > 0, OlderLinux.IsInUse);
    }

    [TestMethod]
    public void The_versions_of_this_system_are_read_from_the_libraries_that_it_loads()
    {
        Assert.Contains("GLIBC_2.2.5", SystemVersions.Defined("libc.so.6"));
        Assert.Contains("GLIBCXX_3.4.11", SystemVersions.Defined("libstdc++.so.6"));
        Assert.IsEmpty(SystemVersions.Defined("libof-no-system.so.6"));
    }

    [TestMethod]
    public void The_newest_version_is_that_of_the_highest_number_not_of_the_last_letter()
    {
        string[] versions = ["GLIBCXX_3.4.9", "GLIBCXX_3.4.30", "GLIBCXX_DEBUG_MESSAGE_LENGTH", "CXXABI_4.0", "GLIBCXX_3.4"];
        Assert.AreEqual("GLIBCXX_3.4.30", SystemVersions.Newest(versions, of: "GLIBCXX_3.4.32"));
    }

    [TestMethod]
    public void Every_function_that_TorchSharp_binds_is_in_the_library_that_was_loaded()
    {
        Libtorch.Require();
        var library = NativeLibrary.Load(OlderLinux.Library, typeof(torch).Assembly, null);
        const BindingFlags Declared = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var bindings = typeof(torch)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(Declared))
            .Select(method => method.GetCustomAttribute<DllImportAttribute>())
            .Where(import => import?.Value == OlderLinux.Library)
            .Select(import => import!.EntryPoint!)
            .Distinct()
            .ToList();
        var missing = bindings.Where(name => !NativeLibrary.TryGetExport(library, name, out _)).Order(StringComparer.Ordinal).ToList();
        Assert.AreSequenceEqual(s_neverThere, missing);
        Assert.HasCount(1125, bindings);
    }

    [TestMethod]
    public void A_limit_on_files_that_the_copy_would_exceed_is_named_before_anything_is_written()
    {
        // .NET itself keeps code that it may write and execute in such files.
        var environment = new Dictionary<string, string?> { ["DOTNET_EnableWriteXorExecute"] = "0" };
        var (code, output, error) = ChildProcess.Run(LoadLibtorch, environment, limits: "ulimit -f 1024");
        if (SystemVersions.Missing(s_image.Value, SystemVersions.Defined).Count == 0)
        {
            Assert.AreEqual(0, code, $"this system needs no copy; {error}");
            return;
        }
        Assert.AreEqual(1, code, $"{output} {error}");
        Assert.AreEqual("", output, "TorchSharp prints a page of its own where it is asked first");
        var length = s_image.Value.Length;
        Assert.Contains(
            $"needs a copy of {length} bytes in memory on this system, and 'ulimit -f' allows files of 1048576 bytes. "
                + $"Raise the limit to {(length + 1023) / 1024} KiB or more.",
            error
        );
    }

    static void LoadLibtorch() => Libtorch.Require();

    /// <summary>A system whose C++ library ends at GLIBCXX_3.4.newest, and its C library at GLIBC_2.newestC.</summary>
    static DefinedVersions System(int newest, int newestC = 38)
    {
        return library => [.. Needed(library).Where(IsThere), $"GLIBC_2.{newestC}", $"GLIBCXX_3.4.{newest}"];

        bool IsThere(string version) =>
            version.Split('_', 2) switch
            {
                ["GLIBCXX", var number] => Version.Parse(number) <= new Version(3, 4, newest),
                ["GLIBC", var number] => Version.Parse(number) <= new Version(2, newestC),
                _ => true,
            };
    }

    static IEnumerable<string> Needed(string library) =>
        SymbolVersions.Needed(s_image.Value).Where(need => need.Library == library).Select(need => need.Version);
}
