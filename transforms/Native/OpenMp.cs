namespace NoisyNN.Transforms.Native;

/// <summary>
/// How many threads libtorch computes with on Linux, and how they wait for work. Its OpenMP library, GNU's libgomp, reads both from
/// environment variables when it is loaded. What the user has set stays.
/// </summary>
static class OpenMp
{
    const string ThreadCount = "OMP_NUM_THREADS";
    const string WaitPolicy = "OMP_WAIT_POLICY";
    const string SpinCount = "GOMP_SPINCOUNT";

    // A training that is alone loses 7 % to libgomp's own 300,000; two side by side gain 30 % (docs/training.md has the figures).
    const string ShortSpin = "10000";

    static readonly string[] s_variables = [ThreadCount, WaitPolicy, SpinCount];

    /// <summary>Call it before libtorch is loaded; after that it has no effect.</summary>
    public static void SetDefaults()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // Left alone, libtorch counts cores, and takes the processors of many a virtual machine for halves of one.
        SystemLibrary.SetNativeDefault(ThreadCount, $"{Environment.ProcessorCount}");
        // Left alone, a thread spins for milliseconds before it sleeps, and takes the processor from other programs that could use it.
        if (!IsSet(WaitPolicy))
            SystemLibrary.SetNativeDefault(SpinCount, ShortSpin);
    }

    /// <summary>The variables as libgomp found them, such as "OMP_NUM_THREADS=2, GOMP_SPINCOUNT=1000".</summary>
    public static string Describe() =>
        string.Join(
            ", ",
            s_variables
                .Select(name => (name, Value: SystemLibrary.Get(name)))
                .Where(entry => entry.Value is not null)
                .Select(entry => $"{entry.name}={entry.Value}")
        );

    static bool IsSet(string variable) => SystemLibrary.Get(variable) is not null;
}
