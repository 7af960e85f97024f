using NoisyNN.Models.Distributed;

namespace NoisyNN.Tests.Training.Ranks;

/// <summary>The MPI library, which a machine may have or not.</summary>
[TestClass]
public sealed class MpiLibraryTests
{
    [TestMethod]
    public void Without_a_library_the_error_names_the_packages()
    {
        var missing = Assert.Throws<DllNotFoundException>(() => MpiLibrary.Load(["libmpi-is-not-here.so.1", "nor-here.so"]));

        Assert.Contains("none of libmpi-is-not-here.so.1, nor-here.so can be loaded", missing.Message);
        Assert.Contains("apt-get install openmpi-bin libopenmpi3", missing.Message);
        Assert.Contains("NOISYNN_MPI", missing.Message);
    }

    [TestMethod]
    [DataRow("Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4, repo rev: v4.1.4, May 26, 2022\0", "Open MPI 4.1.4")]
    [DataRow("MPICH Version:      4.0.2\nMPICH Release date: Thu Apr  7 12:34:45 CDT 2022\n", "MPICH 4.0.2")]
    [DataRow("Intel(R) MPI Library 2021.9 for Linux* OS\n", "Intel(R) MPI Library 2021.9 for Linux* OS")]
    public void The_version_is_short(string text, string version) => Assert.AreEqual(version, MpiLibrary.ShortVersion(text));
}
