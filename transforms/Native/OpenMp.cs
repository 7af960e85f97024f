namespace NoisyNN.Transforms.Native;

/// <summary>
/// Sets how many threads libtorch computes with on Linux, and how they wait for work. Its OpenMP library, GNU's libgomp, reads both from
/// environment variables when it is loaded. Variables that the user has set stay.
/// </summary>
static class OpenMp
{
    const string ThreadCount = "OMP_NUM_THREADS";
    const string WaitPolicy = "OMP_WAIT_POLICY";
    const string SpinCount = "GOMP_SPINCOUNT";

    // A training that runs alone loses 7 % against libgomp's 300,000; two side by side gain 30 % (docs/training.md has the figures).
    const string ShortSpin = "10000";

    static readonly string[] s_variables = [ThreadCount, WaitPolicy, SpinCount];

    /// <summary>Sets the variables. The call has no effect after libtorch is loaded.</summary>
    public static void SetDefaults()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // By default, libtorch counts cores. On many virtual machines it takes two processors for the halves of one core.
        SystemLibrary.SetNativeDefault(ThreadCount, $"{Environment.ProcessorCount}");
        // By default, a thread spins for milliseconds before it sleeps, and so takes the processor from other programs.
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
