using System.Globalization;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml.Assignments;

namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>
/// How many trials run side by side, and on how many threads each. Small networks gain little from a second thread and much from a
/// second process, so as many run at once as there are processors; threads that are asked for are respected.
/// </summary>
/// <param name="Processes">Trials that run side by side.</param>
/// <param name="Threads">Threads of each.</param>
public readonly record struct Parallelism(int Processes, int Threads)
{
    /// <param name="trials">How many there are.</param>
    /// <param name="threads">Threads that the experiment asks for; 0 = a fair share of the processors.</param>
    /// <param name="processors">Processors of the machine.</param>
    /// <param name="sharesDevice">Whether all compute on one GPU, which takes one after the other.</param>
    public static Parallelism Of(int trials, int threads, int processors, bool sharesDevice)
    {
        var processes = sharesDevice ? 1 : Math.Clamp(threads > 0 ? processors / threads : processors, 1, trials);
        return new Parallelism(processes, threads > 0 ? threads : processors / processes);
    }

    /// <summary>
    /// The experiment with the threads that each process really uses: a resumed run must use the same number, so the declaration has it.
    /// </summary>
    public ExperimentFile Apply(ExperimentFile experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return experiment.With([new Assignment("training.threads", Threads.ToString(CultureInfo.InvariantCulture), "--threads")]);
    }

    /// <summary>
    /// The bytes of memory for the rows of each of several trainings: its share of what a training alone would take, a quarter.
    /// </summary>
    /// <param name="available">Bytes of memory that a process may have.</param>
    /// <param name="processes">How many share them.</param>
    public static long RowMemoryBytes(long available, int processes) => available / 4 / processes;
}
