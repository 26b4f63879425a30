namespace QuantConnect.Orders;

/// <summary>What kind of order; LeanSim places Market and Limit only.</summary>
public enum OrderType
{
    Market, Limit, StopMarket, StopLimit, MarketOnOpen, MarketOnClose, OptionExercise, LimitIfTouched, ComboMarket, ComboLimit,
    ComboLegLimit, TrailingStop
}

/// <summary>Sign of an order's quantity.</summary>
public enum OrderDirection { Buy, Sell, Hold }

/// <summary>Direction of an order together with its effect on the position.</summary>
public enum OrderPosition { BuyToOpen, BuyToClose, SellToOpen, SellToClose }

/// <summary>State of an order.</summary>
public enum OrderStatus
{
    New = 0, Submitted = 1, PartiallyFilled = 2, Filled = 3, Canceled = 5, None = 6, Invalid = 7, CancelPending = 8, UpdateSubmitted = 9
}

/// <summary>A price-like field of an order, for <see cref="OrderTicket.Get(OrderField)"/>.</summary>
public enum OrderField { LimitPrice, StopPrice, TriggerPrice, TrailingAmount, TrailingAsPercentage }

/// <summary>What an order request asks for.</summary>
public enum OrderRequestType { Submit, Update, Cancel }

/// <summary>How far the processing of a request is.</summary>
public enum OrderRequestStatus { Unprocessed, Processing, Processed, Error }

/// <summary>Why a request was refused.</summary>
public enum OrderResponseErrorCode
{
    None = 0, ProcessingError = -1, OrderAlreadyExists = -2, InsufficientBuyingPower = -3, BrokerageModelRefusedToSubmitOrder = -4,
    BrokerageFailedToSubmitOrder = -5, BrokerageFailedToUpdateOrder = -6, BrokerageHandlerRefusedToUpdateOrder = -7,
    BrokerageFailedToCancelOrder = -8, InvalidOrderStatus = -9, UnableToFindOrder = -10, OrderQuantityZero = -11,
    UnsupportedRequestType = -12, PreOrderChecksError = -13, MissingSecurity = -14, ExchangeNotOpen = -15, SecurityPriceZero = -16,
    ForexBaseAndQuoteCurrenciesRequired = -17, ForexConversionRateZero = -18, SecurityHasNoData = -19, ExceededMaximumOrders = -20,
    MarketOnCloseOrderTooLate = -21, InvalidRequest = -22, RequestCanceled = -23, AlgorithmWarmingUp = -24,
    BrokerageModelRefusedToUpdateOrder = -25, QuoteCurrencyRequired = -26, ConversionRateZero = -27, NonTradableSecurity = -28,
    NonExercisableSecurity = -29, OrderQuantityLessThanLotSize = -30, ExceedsShortableQuantity = -31, InvalidNewOrderStatus = -32,
    EuropeanOptionNotExpiredOnExercise = -33, OptionOrderOnStockSplit = -34, MarketOnOpenNotAllowedDuringRegularHours = -35
}
