namespace QuantConnect.Util;
