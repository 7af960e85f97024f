using static TorchSharp.torch;

namespace NoisyNN.Models.Randomness;

/// <summary>
/// Another seed of torch's default generator, until disposed: the caller's numbers then go on as if nothing had been drawn.
/// </summary>
sealed class BorrowedGenerator : IDisposable
{
    readonly Tensor _state = random.get_rng_state();

    public BorrowedGenerator(long seed) => manual_seed(seed);

    public void Dispose()
    {
        random.set_rng_state(_state);
        _state.Dispose();
    }
}
