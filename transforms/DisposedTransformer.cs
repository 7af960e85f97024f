namespace NoisyNN.Transforms;

/// <summary>The error of a transformer that was disposed, worded alike everywhere.</summary>
static class DisposedTransformer
{
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public static void ThrowIf(bool isDisposed, string transformer, string part)
    {
        if (isDisposed)
            throw new ObjectDisposedException(
                transformer,
                $"The {transformer} cannot be used: {part} was disposed. A PredictionEngine disposes the model that it was made from; "
                    + "make the engine with new PredictionEngineOptions { OwnsTransformer = false }, or dispose of it last."
            );
    }
}
