using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Pipelines.Data.Downloads;

/// <summary>Observes the download of a data set.</summary>
interface IDownloadObserver
{
    /// <summary>Receives a line when a file begins or something is worth knowing.</summary>
    void Note(string line);

    /// <summary>Receives the size of the download when it is known.</summary>
    /// <param name="bytes">The size of all of them.</param>
    void Begin(long bytes);

    /// <summary>Receives the progress: bytes arrived, were found, or were dropped because a file starts from the beginning.</summary>
    /// <param name="file">The file.</param>
    /// <param name="present">Bytes of the file that are there.</param>
    /// <param name="received">How many of these have just arrived from the network.</param>
    void Progress(ManifestFile file, long present, long received);
}
