namespace NoisyNN.Pipelines.Data.Downloads;

/// <summary>An address did not give the file that a manifest describes.</summary>
/// <param name="message">What the address did, as the end of a sentence that begins with the address.</param>
/// <param name="inner">The cause, if there is one.</param>
sealed class DownloadException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>Whether the same request may succeed a little later.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether no server answered at all.</summary>
    public bool IsWithoutAnswer { get; init; }

    /// <summary>Whether the server cannot continue the partial file, so that the next request must start from the beginning.</summary>
    public bool MustStartAnew { get; init; }

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
