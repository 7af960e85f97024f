using static TorchSharp.torch;

namespace NoisyNN.Models.Randomness;

/// <summary>
/// Sets another seed of torch's default generator until it is disposed. The caller's numbers then continue as if nothing had been drawn.
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
