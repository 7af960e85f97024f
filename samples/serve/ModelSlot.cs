using System.Text.Json;
using NoisyNN.Transforms.Onnx.Isolation;

namespace NoisyNN.Samples.Serve;

/// <summary>
/// The model that scores. A new content of its file takes over when it has been opened and has scored an image. Until then, and if it
/// cannot be used, the old model scores on.
/// </summary>
sealed class ModelSlot : IDisposable
{
    readonly ServerOptions _options;
    readonly SemaphoreSlim _loading = new(1);
    ServedModel _current;
    volatile string? _reloadFailure;

    /// <exception cref="Exception">The model cannot be used; see <see cref="IsUnusable"/>.</exception>
    public ModelSlot(ServerOptions options)
    {
        _options = options;
        _current = Open(ModelCopy.Of(options.ModelFile));
    }

    /// <summary>Why the present content of the file does not score; null if it does.</summary>
    public string? ReloadFailure => _reloadFailure;

    /// <summary>What scores now.</summary>
    public ModelIdentity Identity => Volatile.Read(ref _current).Identity;

    /// <summary>The model that scores now. The caller returns it.</summary>
    public ServedModel Rent()
    {
        while (true)
            if (Volatile.Read(ref _current) is var model && model.TryRent())
                return model;
    }

    /// <summary>Takes the file's present content into service, if it is another one.</summary>
    /// <returns>The model that scores now.</returns>
    /// <exception cref="Exception">The model cannot be used; see <see cref="IsUnusable"/>.</exception>
    public async Task<ModelIdentity> ReloadAsync(CancellationToken cancellation)
    {
        await _loading.WaitAsync(cancellation);
        try
        {
            return await Task.Run(Reload, CancellationToken.None);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Whether an exception says that a model file cannot be used. Others are faults of the server.</summary>
    public static bool IsUnusable(Exception exception) =>
        exception
            is ArgumentException
                or IOException
                or UnauthorizedAccessException
                or InvalidDataException
                or InvalidOperationException
                or NotSupportedException
                or JsonException
                or ModelProcessException;

    public void Dispose()
    {
        _current.Return();
        _loading.Dispose();
    }

    ModelIdentity Reload()
    {
        try
        {
            var copy = ModelCopy.Of(_options.ModelFile);
            if (copy.Hash == _current.Identity.Sha256)
                copy.Dispose();
            else
                Interlocked.Exchange(ref _current, Open(copy)).Return();
            _reloadFailure = null;
            return _current.Identity;
        }
        catch (Exception unusable) when (IsUnusable(unusable))
        {
            _reloadFailure = unusable.Message;
            throw;
        }
    }

    ServedModel Open(ModelCopy copy)
    {
        try
        {
            return new(copy, _options);
        }
        catch (Exception unusable)
        {
            copy.Dispose();
            if (!IsUnusable(unusable))
                throw;
            // Users know the file, and not its copy.
            throw new InvalidDataException(unusable.Message.Replace(copy.FilePath, _options.ModelFile, StringComparison.Ordinal), unusable);
        }
    }
}
