using System.Formats.Tar;

namespace NoisyNN.Tests.Data.Labelled;

/// <summary>Compressed tar archives for tests.</summary>
static class TarArchive
{
    public static byte[] Of(params (string Path, byte[] Content)[] files)
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
            foreach (var (path, content) in files)
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) });
        return IdxDataSet.Compress(archive.ToArray());
    }
}
