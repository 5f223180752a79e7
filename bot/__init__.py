"""房信 Fangxin: the customer-service assistant for home-loan customers."""
