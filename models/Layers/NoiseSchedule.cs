namespace NoisyNN.Models.Layers;

/// <summary>
/// The strength of a noise at each step of a training, as a factor on what it adds: I+sQ for a mixing, s·ε for a random noise. The factor
/// stays at its first value for a delay, changes linearly to its last value, and stays there. At inference it is the last value.
/// </summary>
/// <param name="From">The first factor, 0 or more.</param>
/// <param name="To">The last factor, 0 or more.</param>
/// <param name="Steps">Training steps from the first factor to the last, at least 1.</param>
/// <param name="Delay">Training steps before the change begins.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed record NoiseSchedule(double From, double To, int Steps, int Delay = 0)
{
    /// <inheritdoc cref="NoiseSchedule" path="/param[@name='From']"/>
    public double From
    {
        get;
        init => field = Factor(value, nameof(From));
    } = Factor(From, nameof(From));

    /// <inheritdoc cref="NoiseSchedule" path="/param[@name='To']"/>
    public double To
    {
        get;
        init => field = Factor(value, nameof(To));
    } = Factor(To, nameof(To));

    /// <inheritdoc cref="NoiseSchedule" path="/param[@name='Steps']"/>
    public int Steps
    {
        get;
        init => field = Count(value, 1, nameof(Steps));
    } = Count(Steps, 1, nameof(Steps));

    /// <inheritdoc cref="NoiseSchedule" path="/param[@name='Delay']"/>
    public int Delay
    {
        get;
        init => field = Count(value, 0, nameof(Delay));
    } = Count(Delay, 0, nameof(Delay));

    /// <summary>The factor at a step, counted from 0.</summary>
    public double At(long step) => From + (To - From) * Math.Clamp((double)(step - Delay) / Steps, 0, 1);

    static double Factor(double value, string name) =>
        double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(
                name,
                value,
                $"{name} is {value:R}; a factor on a noise is a finite number of at least 0."
            );

    static int Count(int value, int least, string name) =>
        value >= least
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it is a number of steps of at least {least}.");
}
