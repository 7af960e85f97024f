namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Learning rates over time. A scheduler sets the rates of step 0 when it is made, and the next ones at each <see cref="LRScheduler.step()"/>.</summary>
        public static partial class lr_scheduler
        {
            public abstract class LRScheduler
            {
                private readonly List<ILearningRateController> _groups;
                private readonly bool _verbose;
                private List<double> _last;
                private protected readonly List<double> _base;
                private protected int _epoch;

                private protected LRScheduler(Optimizer optimizer, int last_epoch, bool verbose)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    (_groups, _epoch, _verbose) = ([.. optimizer.ParamGroups], last_epoch, verbose);
                    _base = [.. _groups.Select(group => group.InitialLearningRate)];
                    _last = [.. _groups.Select(group => group.LearningRate)];
                }

                public IEnumerable<double> get_last_lr() => _last;

                public virtual void step() => step(null);

                /// <param name="epoch">The step to go to; the next one if none is given.</param>
                public virtual void step(int? epoch)
                {
                    _epoch = epoch ?? _epoch + 1;
                    List<double> rates = [.. epoch is null ? get_lr() : get_closed_form_lr()];
                    for (var i = 0; i < _groups.Count; i++)
                    {
                        if (_verbose && rates[i] != _last[i]) Console.WriteLine($"Adjusting learning rate to {rates[i]}");
                        _groups[i].LearningRate = rates[i];
                    }
                    _last = rates;
                }

                /// <param name="current">A metric, which only some schedulers look at.</param>
                /// <param name="epoch">The step to go to.</param>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                protected virtual IEnumerable<double> get_lr() => Current;

                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                private protected IEnumerable<double> Current => _groups.Select(group => group.LearningRate);
            }

            public static partial class impl
            {
                /// <summary>The initial rate times a function of the step.</summary>
                public class LambdaLR : LRScheduler
                {
                    private readonly List<Func<int, double>> _factors;

                    public LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, optimizer.ParamGroups.Select(_ => lr_lambda), last_epoch, verbose)
                    {
                    }

                    public LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _factors = [.. lr_lambdas];
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => _base.Zip(_factors, (rate, factor) => rate * factor(_epoch));
                }

                /// <summary>Half a cosine from the initial rate to <c>eta_min</c>: Loshchilov and Hutter (2017).</summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _period, _least;

                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_period, _least) = (T_max, eta_min);
                        step();
                    }

                    // The recurrence, not the closed form, so that rates changed from outside are carried on.
                    protected override IEnumerable<double> get_lr()
                    {
                        if (_epoch == 0) return Current;
                        if ((_epoch - 1 - _period) % (2 * _period) == 0)
                            return Current.Zip(_base, (rate, initial) => rate + ((initial - _least) * (1 - Math.Cos(Math.PI / _period)) / 2));
                        var ratio = (1 + Math.Cos(Math.PI * _epoch / _period)) / (1 + Math.Cos(Math.PI * (_epoch - 1) / _period));
                        return Current.Select(rate => (ratio * (rate - _least)) + _least);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        _base.Select(initial => _least + ((initial - _least) * (1 + Math.Cos(Math.PI * _epoch / _period)) / 2));
                }
            }

            public static LRScheduler LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new impl.LambdaLR(optimizer, lr_lambda, last_epoch, verbose);

            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false) =>
                new impl.CosineAnnealingLR(optimizer, T_max, eta_min, last_epoch, verbose);
        }
    }
}
