using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Pipelines.Data.Downloads;

/// <summary>Follows the download of a data set.</summary>
interface IDownloadObserver
{
    /// <summary>A file begins, or something is worth knowing.</summary>
    void Note(string line);

    /// <summary>The files that will be fetched are known.</summary>
    /// <param name="bytes">The size of all of them.</param>
    void Begin(long bytes);

    /// <summary>Bytes arrived, or were found, or were dropped because a file starts anew.</summary>
    /// <param name="file">The file.</param>
    /// <param name="present">Bytes of it that are there.</param>
    /// <param name="received">Bytes of these that the network has just brought.</param>
    void Progress(ManifestFile file, long present, long received);
}
