using System.Net;
using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Pipelines.Data.Downloads;

/// <summary>
/// Fetches one file of a manifest. It continues what an earlier call left, and it retries temporary failures of the network and the server.
/// The file gets its name when its SHA-256 is right.
/// </summary>
/// <param name="client">From <see cref="HttpSource.CreateClient"/>.</param>
/// <param name="file">The file; it has an address.</param>
/// <param name="path">Where it goes; the folder exists.</param>
/// <param name="options">Timeouts and retries.</param>
/// <param name="observer">Follows the work.</param>
sealed class FileDownload(HttpClient client, ManifestFile file, string path, DownloadOptions options, IDownloadObserver observer)
{
    /// <summary>The bytes that an attempt must bring to count as a success although its connection broke.</summary>
    const long Headway = 1 << 20;

    const int BufferSize = 1 << 17;

    readonly HttpSource _source = new(client, file.Url!, file.Size, options.Patience);
    bool _isContinued;
    bool _hasAnswered;

    /// <summary>Fetches the file.</summary>
    /// <returns>False if another process has fetched it meanwhile.</returns>
    /// <exception cref="DownloadException">The address does not give the file.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        using var part = await OpenAsync(cancellation).ConfigureAwait(false);
        if (VerifiedFile.IsWhole(path, file))
        {
            part.Discard();
            observer.Progress(file, file.Size, received: 0);
            return false;
        }
        if (part.Length > file.Size)
            Restart(part);
        observer.Progress(file, part.Length, received: 0);

        observer.Note(
            FormattableString.Invariant($"fetching {file.Name} ({file.Size:N0} bytes) from {file.Url}")
                + (part.Length > 0 ? FormattableString.Invariant($", from byte {part.Length:N0} on") : "")
        );
        _isContinued = part.Length > 0;
        await FillAsync(part, cancellation).ConfigureAwait(false);
        if (part.Sha256() is var mixed && mixed != file.Sha256 && _isContinued)
        {
            observer.Note(
                $"{file.Name} was continued and has the SHA-256 {mixed}, not {file.Sha256}: fetching it once more from the start"
            );
            Restart(part);
            await FillAsync(part, cancellation).ConfigureAwait(false);
        }
        if (part.Sha256() is var found && found != file.Sha256)
        {
            Restart(part);
            throw new DownloadException($"has another file: SHA-256 expected {file.Sha256}, found {found}");
        }
        part.Complete();
        // The bytes on the disk decide.
        if (!VerifiedFile.IsWhole(path, file))
        {
            File.Delete(path);
            throw new IOException(
                $"{path} did not keep what was written. Look into the system's log for errors of the disk, and run the command again."
            );
        }
        return true;
    }

    /// <summary>Waits while another process holds the file.</summary>
    async Task<PartialFile> OpenAsync(CancellationToken cancellation)
    {
        for (var isTold = false; ; isTold = true)
        {
            if (PartialFile.TryOpen(path) is { } part)
                return part;
            if (!isTold)
                observer.Note($"another process is fetching {path}: waiting for it");
            await Task.Delay(options.PollInterval, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Requests until all bytes are there.</summary>
    async Task FillAsync(PartialFile part, CancellationToken cancellation)
    {
        for (var failures = 0; part.Length < file.Size; )
        {
            var before = part.Length;
            try
            {
                await ReceiveAsync(part, cancellation).ConfigureAwait(false);
            }
            catch (DownloadException failure) when (failure.IsTransient)
            {
                _hasAnswered |= !failure.IsWithoutAnswer;
                failures = part.Length - before >= Headway ? 1 : failures + 1;
                if (failures >= (_hasAnswered ? options.Attempts : options.AttemptsWithoutAnswer))
                    throw;
                var delay = Delay(failures, failure.RetryAfter);
                observer.Note(FormattableString.Invariant($"{file.Url} {failure.Message}; trying again in {delay.TotalSeconds:0.#} s"));
                await Task.Delay(delay, cancellation).ConfigureAwait(false);
            }
        }
    }

    TimeSpan Delay(int failures, TimeSpan? requested)
    {
        var delay = requested ?? options.FirstDelay * Math.Pow(2, failures - 1);
        return delay < TimeSpan.Zero ? TimeSpan.Zero
            : delay < options.LongestDelay ? delay
            : options.LongestDelay;
    }

    /// <summary>Sends one request and writes the bytes that arrive.</summary>
    async Task ReceiveAsync(PartialFile part, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await _source.RequestAsync(part.Length, part.Version, cancellation).ConfigureAwait(false);
        }
        catch (DownloadException failure) when (failure.MustStartAnew)
        {
            Restart(part);
            throw;
        }
        using (response)
        {
            _hasAnswered = true;
            if (response.StatusCode == HttpStatusCode.PartialContent)
                _isContinued = true;
            else
                Restart(part, response);
            await CopyAsync(response, part, cancellation).ConfigureAwait(false);
        }
    }

    async Task CopyAsync(HttpResponseMessage response, PartialFile part, CancellationToken cancellation)
    {
        var buffer = new byte[BufferSize];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Patience);
        var stream = await ReadAsync(() => response.Content.ReadAsStreamAsync(limit.Token), cancellation).ConfigureAwait(false);
        while (true)
        {
            limit.CancelAfter(options.Patience);
            var count = await ReadAsync(() => stream.ReadAsync(buffer, limit.Token).AsTask(), cancellation).ConfigureAwait(false);
            if (count == 0)
                break;
            if (part.Length + count > file.Size)
            {
                Restart(part);
                throw new DownloadException($"sends more than the {file.Size} bytes of the manifest");
            }
            part.Append(buffer.AsSpan(0, count));
            observer.Progress(file, part.Length, count);
        }
        if (part.Length < file.Size)
            throw new DownloadException($"ended after {part.Length} of {file.Size} bytes") { IsTransient = true };
    }

    async Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new DownloadException($"sent nothing for {options.Patience.TotalSeconds:0.#} s", exception) { IsTransient = true };
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new DownloadException($"broke off ({exception.Message.TrimEnd('.')})", exception) { IsTransient = true };
        }
    }

    void Restart(PartialFile part, HttpResponseMessage? response = null)
    {
        part.Restart(response is null ? null : HttpSource.VersionOf(response));
        _isContinued = false;
        observer.Progress(file, present: 0, received: 0);
    }
}
